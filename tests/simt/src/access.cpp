// Judges the single load or store: bounds, alignment, then races and initialisation.
#include <dlfcn.h>

#include <string>

#include "machine.h"
#include "simt/thread.h"

extern "C" const char __ehdr_start, _end;  // set by the linker

namespace simt {
namespace {

bool within(const void* address, size_t bytes, const void* begin, size_t size) {
  const auto offset = reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(begin);
  return offset < size && bytes <= size - offset;
}

/// Host memory that device code may look at because on the GPU it is something else: kernel
/// arguments, index registers, constants of the program.
bool stands_for_device(const Launch& launch, const void* address, size_t bytes, AccessKind kind) {
  if (kind != AccessKind::read) return false;
  const auto in = [&](const auto& object) {
    return within(address, bytes, &object, sizeof object);
  };
  if (in(threadIdx) || in(blockIdx) || in(blockDim) || in(gridDim)) return true;
  if (within(address, bytes, launch.call.get(), launch.call->bytes())) return true;
  if (within(address, bytes, &__ehdr_start, static_cast<size_t>(&_end - &__ehdr_start))) {
    return true;
  }
  Dl_info library;
  return dladdr(address, &library) != 0;
}

}  // namespace

void Machine::access(const void* address, size_t bytes, AccessKind kind, bool aligned,
                     uintptr_t site) {
  const LayerScope scope(*this);
  const auto refuse = [&](Finding finding) {
    note(finding, source_line(site),
         "accesses " + std::to_string(bytes) + " bytes at " + arena().describe(address));
    give_up();
  };
  const Region* region = shared_;
  if (!region || !region->contains(address, bytes)) {
    region = arena().find(address);
    if (!region && stands_for_device(*launch_, address, bytes, kind)) return;
    if (!region || !region->contains(address, bytes) || region->space == Space::shared) {
      refuse(Finding::out_of_bounds);
    }
  }
  const auto offset = static_cast<size_t>(static_cast<const uint8_t*>(address) - region->begin);
  if (aligned && offset % bytes != 0) refuse(Finding::misaligned);
  const auto problem = checker_.check({region, offset, bytes, kind, running_->index, site});
  if (problem) note(problem->finding, source_line(site), problem->message);
}

void Machine::count(const void* address, size_t bytes, uintptr_t site) {
  if (!counting_) return;
  const LayerScope scope(*this);
  const bool in_shared = shared_ && shared_->contains(address, bytes);
  if (!in_shared && !arena().find(address)) return;
  const uintptr_t begin = reinterpret_cast<uintptr_t>(address) -
                          (in_shared ? reinterpret_cast<uintptr_t>(shared_->begin) : 0);
  const size_t piece = bytes <= 16 ? bytes : 4;  // objects of other sizes move word by word
  for (size_t at = 0; at < bytes; at += piece) {
    traffic_.record(running_->warp(), {.site = site,
                                       .instance = 0,
                                       .lane = running_->lane(),
                                       .address = begin + at,
                                       .bytes = static_cast<unsigned>(piece),
                                       .shared = in_shared});
  }
}

}  // namespace simt
