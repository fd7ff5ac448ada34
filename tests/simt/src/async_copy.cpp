#include "simt/async_copy.h"

#include <cstring>

#include "machine.h"

namespace simt {
namespace {

/// Performs the thread's copies up to the end-th.
void perform(Thread& thread, size_t end) {
  for (size_t i = 0; i < end; ++i) {
    const PendingCopy& copy = thread.copies[i];
    const size_t read = static_cast<size_t>(copy.source_bytes);
    std::memcpy(copy.shared, copy.global, read);
    std::memset(copy.shared + read, 0, static_cast<size_t>(copy.bytes) - read);
  }
  thread.copies.erase(thread.copies.begin(), thread.copies.begin() + static_cast<ptrdiff_t>(end));
}

}  // namespace

void cp_async(void* shared, const void* global, int bytes, int source_bytes) {
  Machine& machine = *Machine::running();
  std::memset(shared, 0xff, static_cast<size_t>(bytes));
  machine.thread().copies.push_back({static_cast<uint8_t*>(shared),
                                     static_cast<const uint8_t*>(global), bytes, source_bytes});
}

void cp_async_commit() {
  Thread& thread = Machine::running()->thread();
  thread.copy_groups.push_back(thread.copies.size());
}

void cp_async_wait(int pending) {
  Thread& thread = Machine::running()->thread();
  const size_t groups = thread.copy_groups.size();
  const size_t kept = static_cast<size_t>(pending);
  if (groups <= kept) return;
  const size_t end = thread.copy_groups[groups - kept - 1];
  perform(thread, end);
  thread.copy_groups.erase(thread.copy_groups.begin(),
                           thread.copy_groups.end() - static_cast<ptrdiff_t>(kept));
  for (size_t& group : thread.copy_groups) group -= end;
}

void cp_async_wait_all() {
  Thread& thread = Machine::running()->thread();
  perform(thread, thread.copies.size());
  thread.copy_groups.clear();
}

}  // namespace simt
