// What kernels call, handed to the machine that runs them.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "findings.h"
#include "machine.h"
#include "simt/async_copy.h"
#include "simt/thread.h"
#include "simt/warp.h"

namespace simt {
namespace {

Machine& machine() {
  Machine* running = Machine::running();
  if (!running) {
    std::fputs("simt: a device function was called outside of a kernel\n", stderr);
    std::abort();
  }
  return *running;
}

}  // namespace

void* dynamic_shared() {
  const Region* shared = machine().shared();
  return shared ? shared->begin : nullptr;
}

unsigned dynamic_shared_bytes() {
  return machine().launch().shared_bytes;
}

namespace detail {

int block_barrier(bool predicate, const char* file, int line) {
  return machine().block_barrier(predicate, file, line);
}

void warp_collective(const char* operation, unsigned mask, void* mine, CompleteCollective complete,
                     const char* file, int line) {
  machine().warp_collective(operation, mask, mine, complete, file, line);
}

int lane() {
  return static_cast<int>(machine().thread().lane());
}

unsigned ballot(const char* operation, unsigned mask, bool predicate, const char* file, int line) {
  unsigned vote = predicate;
  const auto count = [](unsigned* const* lanes, unsigned active) {
    unsigned votes = 0;
    for (unsigned i = 0; i < 32; ++i) {
      if (lanes[i]) votes |= *lanes[i] << i;
    }
    for (unsigned i = 0; i < 32; ++i) {
      if (active >> i & 1u) *lanes[i] = votes;
    }
  };
  warp_apply(mask, vote, count, operation, file, line);
  return vote;
}

}  // namespace detail

}  // namespace simt

void __trap() {
  simt::Machine& machine = simt::machine();
  const simt::Machine::LayerScope scope(machine);
  const auto site = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  machine.note(simt::Finding::trap, simt::source_line(site), "__trap()");
  machine.give_up();
}
