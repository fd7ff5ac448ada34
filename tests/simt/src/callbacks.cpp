// The callbacks that compilers insert with -fsanitize=thread: here they are the layer's eyes. No
// ThreadSanitizer is linked.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "machine.h"
#include "simt/inspect.h"

namespace {

bool instrumented = false;

using simt::AccessKind;

inline void access(const void* address, size_t bytes, AccessKind kind, bool aligned, void* site) {
  simt::Machine* machine = simt::Machine::running();
  if (!machine || machine->thread().fiber.owns(address)) return;
  machine->access(address, bytes, kind, aligned, reinterpret_cast<uintptr_t>(site));
}

}  // namespace

bool simt::checked() {
  return instrumented;
}

#define SIMT_CALLBACK(name, bytes, kind, aligned)                                         \
  void __tsan_##name(void* address) {                                                     \
    access(address, bytes, AccessKind::kind, aligned, __builtin_return_address(0));       \
  }
#define SIMT_CALLBACKS(bytes)                            \
  SIMT_CALLBACK(read##bytes, bytes, read, true)          \
  SIMT_CALLBACK(write##bytes, bytes, write, true)        \
  SIMT_CALLBACK(unaligned_read##bytes, bytes, read, false) \
  SIMT_CALLBACK(unaligned_write##bytes, bytes, write, false)

extern "C" {

SIMT_CALLBACKS(1)
SIMT_CALLBACKS(2)
SIMT_CALLBACKS(4)
SIMT_CALLBACKS(8)
SIMT_CALLBACKS(16)

void __tsan_read_range(void* address, size_t bytes) {
  access(address, bytes, AccessKind::read, false, __builtin_return_address(0));
}
void __tsan_write_range(void* address, size_t bytes) {
  access(address, bytes, AccessKind::write, false, __builtin_return_address(0));
}

void* simt_memcpy(void* to, const void* from, size_t bytes) {
  access(from, bytes, AccessKind::read, false, __builtin_return_address(0));
  access(to, bytes, AccessKind::write, false, __builtin_return_address(0));
  return std::memcpy(to, from, bytes);
}
void* simt_memmove(void* to, const void* from, size_t bytes) {
  access(from, bytes, AccessKind::read, false, __builtin_return_address(0));
  access(to, bytes, AccessKind::write, false, __builtin_return_address(0));
  return std::memmove(to, from, bytes);
}
void* simt_memset(void* to, int value, size_t bytes) {
  access(to, bytes, AccessKind::write, false, __builtin_return_address(0));
  return std::memset(to, value, bytes);
}

void __tsan_init() {
  instrumented = true;
}

// Calls are of no interest, nor are virtual tables.
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}

}  // extern "C"
