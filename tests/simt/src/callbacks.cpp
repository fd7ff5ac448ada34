// The callbacks that compilers insert with -fsanitize=thread: here they are the emulator's eyes. No
// ThreadSanitizer is linked.
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
  if (!machine || machine->in_layer() || machine->thread().fiber.owns(address)) return;
  machine->access(address, bytes, kind, aligned, reinterpret_cast<uintptr_t>(site));
  machine->count(address, bytes, reinterpret_cast<uintptr_t>(site));
}

}  // namespace

bool simt::checked() {
  return instrumented;
}

// Defined under names of the emulator, because compilers know the real ones as built-in functions.
#define SIMT_CALLBACK(name, bytes, kind, aligned)                                   \
  void simt_##name(void* address) __asm__("__tsan_" #name);                         \
  void simt_##name(void* address) {                                                 \
    access(address, bytes, AccessKind::kind, aligned, __builtin_return_address(0)); \
  }
#define SIMT_CALLBACKS(bytes)                              \
  SIMT_CALLBACK(read##bytes, bytes, read, true)            \
  SIMT_CALLBACK(write##bytes, bytes, write, true)          \
  SIMT_CALLBACK(unaligned_read##bytes, bytes, read, false) \
  SIMT_CALLBACK(unaligned_write##bytes, bytes, write, false)

extern "C" {

SIMT_CALLBACKS(1)
SIMT_CALLBACKS(2)
SIMT_CALLBACKS(4)
SIMT_CALLBACKS(8)
SIMT_CALLBACKS(16)

void simt_read_range(void* address, size_t bytes) __asm__("__tsan_read_range");
void simt_read_range(void* address, size_t bytes) {
  access(address, bytes, AccessKind::read, false, __builtin_return_address(0));
}
void simt_write_range(void* address, size_t bytes) __asm__("__tsan_write_range");
void simt_write_range(void* address, size_t bytes) {
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

// Later versions of clang call these instead.
void* __tsan_memcpy(void*, const void*, size_t) __attribute__((alias("simt_memcpy")));
void* __tsan_memmove(void*, const void*, size_t) __attribute__((alias("simt_memmove")));
void* __tsan_memset(void*, int, size_t) __attribute__((alias("simt_memset")));

/// Each checked source file calls this before main.
void simt_init() __asm__("__tsan_init");
void simt_init() {
  instrumented = true;
}

// Virtual tables and calls are of no interest.
void simt_vptr_update(void*, void*) __asm__("__tsan_vptr_update");
void simt_vptr_update(void*, void*) {}
void simt_vptr_read(void*) __asm__("__tsan_vptr_read");
void simt_vptr_read(void*) {}

}  // extern "C"
