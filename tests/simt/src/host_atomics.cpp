// The atomic operations of host code that shares a source file with checked kernels (reference
// counts, guards of static variables): instrumented code calls these in place of instructions.
#include <cstdint>

namespace {

constexpr int kOrder = __ATOMIC_SEQ_CST;  // strong enough for every caller

template <class T>
int compare_exchange(volatile T* address, T* expected, T desired) {
  return __atomic_compare_exchange_n(address, expected, desired, false, kOrder, kOrder);
}

}  // namespace

#define SIMT_FETCH(bits, operation)                                                          \
  uint##bits##_t __tsan_atomic##bits##_fetch_##operation(volatile uint##bits##_t* address,   \
                                                         uint##bits##_t value, int) {        \
    return __atomic_fetch_##operation(address, value, kOrder);                               \
  }
#define SIMT_ATOMICS(bits)                                                                      \
  uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t* address, int) {      \
    return __atomic_load_n(address, kOrder);                                                    \
  }                                                                                             \
  void __tsan_atomic##bits##_store(volatile uint##bits##_t* address, uint##bits##_t value,      \
                                   int) {                                                       \
    __atomic_store_n(address, value, kOrder);                                                   \
  }                                                                                             \
  uint##bits##_t __tsan_atomic##bits##_exchange(volatile uint##bits##_t* address,               \
                                                uint##bits##_t value, int) {                    \
    return __atomic_exchange_n(address, value, kOrder);                                         \
  }                                                                                             \
  SIMT_FETCH(bits, add)                                                                         \
  SIMT_FETCH(bits, sub)                                                                         \
  SIMT_FETCH(bits, and)                                                                         \
  SIMT_FETCH(bits, or)                                                                          \
  SIMT_FETCH(bits, xor)                                                                         \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile uint##bits##_t* address,           \
                                                    uint##bits##_t* expected,                   \
                                                    uint##bits##_t desired, int, int) {         \
    return compare_exchange(address, expected, desired);                                        \
  }                                                                                             \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile uint##bits##_t* address,             \
                                                  uint##bits##_t* expected,                     \
                                                  uint##bits##_t desired, int, int) {           \
    return compare_exchange(address, expected, desired);                                        \
  }                                                                                             \
  uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                    \
      volatile uint##bits##_t* address, uint##bits##_t expected, uint##bits##_t desired, int,   \
      int) {                                                                                    \
    compare_exchange(address, &expected, desired);                                              \
    return expected;                                                                            \
  }

extern "C" {

SIMT_ATOMICS(8)
SIMT_ATOMICS(16)
SIMT_ATOMICS(32)
SIMT_ATOMICS(64)

void __tsan_atomic_thread_fence(int) {
  __atomic_thread_fence(kOrder);
}
void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
