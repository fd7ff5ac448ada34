#include "simt/async_copy.h"

#include <cstring>
#include <string>

#include "machine.h"
#include "shadow.h"
#include "simt/inspect.h"

namespace simt {
namespace {

/// Performs the thread's copies up to the end-th.
void perform(Machine& machine, size_t end) {
  const Machine::LayerScope scope(machine);
  std::vector<PendingCopy>& copies = machine.thread().copies;
  for (size_t i = 0; i < end; ++i) {
    const PendingCopy& copy = copies[i];
    if (checked()) machine.access(copy.shared, copy.bytes, AccessKind::write, true, copy.site);
    if (copy.source_bytes > 0) std::memcpy(copy.shared, copy.global, copy.source_bytes);
    std::memset(copy.shared + copy.source_bytes, 0, copy.bytes - copy.source_bytes);
  }
  copies.erase(copies.begin(), copies.begin() + static_cast<ptrdiff_t>(end));
}

}  // namespace

void cp_async(void* shared, const void* global, int bytes, int source_bytes) {
  Machine& machine = *Machine::running();
  const Machine::LayerScope scope(machine);
  const PendingCopy copy{static_cast<uint8_t*>(shared), static_cast<const uint8_t*>(global),
                         static_cast<size_t>(bytes), static_cast<size_t>(source_bytes),
                         reinterpret_cast<uintptr_t>(__builtin_return_address(0))};
  const Region* region = machine.shared();
  if (!region || !region->contains(shared, copy.bytes)) {
    machine.note(
        Finding::out_of_bounds, source_line(copy.site),
        "cp.async to " + arena().describe(shared) + ", which is not the block's shared memory");
    machine.give_up();
  }
  const auto misaligned = [&](const void* address) {
    return reinterpret_cast<uintptr_t>(address) % copy.bytes != 0;
  };
  if (misaligned(shared) || (source_bytes > 0 && misaligned(global))) {
    machine.note(Finding::misaligned, source_line(copy.site),
                 "cp.async with an address that is no multiple of its " +
                     std::to_string(copy.bytes) + " bytes");
    machine.give_up();
  }
  if (checked()) {
    // From now on the destination belongs to the copy: that races like a write.
    if (source_bytes > 0) {
      machine.access(global, copy.source_bytes, AccessKind::read, false, copy.site);
      machine.count(global, copy.source_bytes, copy.site);
    }
    machine.access(shared, copy.bytes, AccessKind::write, true, copy.site);
    machine.count(shared, copy.bytes, copy.site);
    set_initialised(*region, static_cast<size_t>(copy.shared - region->begin), copy.bytes, false);
  }
  std::memset(shared, 0xff, copy.bytes);
  machine.thread().copies.push_back(copy);
}

void cp_async_commit() {
  Machine& machine = *Machine::running();
  const Machine::LayerScope scope(machine);
  Thread& thread = machine.thread();
  thread.copy_groups.push_back(thread.copies.size());
}

void cp_async_wait(int pending) {
  Machine& machine = *Machine::running();
  const Machine::LayerScope scope(machine);
  Thread& thread = machine.thread();
  const size_t groups = thread.copy_groups.size();
  const size_t kept = static_cast<size_t>(pending);
  if (groups <= kept) return;
  const size_t end = thread.copy_groups[groups - kept - 1];
  perform(machine, end);
  thread.copy_groups.erase(thread.copy_groups.begin(),
                           thread.copy_groups.end() - static_cast<ptrdiff_t>(kept));
  for (size_t& group : thread.copy_groups) group -= end;
}

void cp_async_wait_all() {
  Machine& machine = *Machine::running();
  perform(machine, machine.thread().copies.size());
  machine.thread().copy_groups.clear();
}

}  // namespace simt
