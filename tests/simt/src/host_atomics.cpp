// The atomic operations of host code that shares a source file with checked kernels (reference
// counts, guards of static variables): instrumented code calls these in place of instructions. The
// names and signatures are the compilers'.
#include <cstdint>

namespace {

constexpr int kOrder = __ATOMIC_SEQ_CST;  // strong enough for every caller

template <class T>
volatile T* typed(volatile void* address) {
  return static_cast<volatile T*>(address);
}

template <class T>
bool compare_exchange(volatile void* address, T& expected, T desired) {
  return __atomic_compare_exchange_n(typed<T>(address), &expected, desired, false, kOrder, kOrder);
}

}  // namespace

#define SIMT_FETCH(T, bits, operation)                                              \
  T __tsan_atomic##bits##_fetch_##operation(volatile void* address, T value, int) { \
    return __atomic_fetch_##operation(typed<T>(address), value, kOrder);            \
  }
#define SIMT_COMPARE(T, bits, strength)                                                          \
  bool __tsan_atomic##bits##_compare_exchange_##strength(volatile void* address, void* expected, \
                                                         T desired, int, int) {                  \
    return compare_exchange(address, *static_cast<T*>(expected), desired);                       \
  }
#define SIMT_ATOMICS(T, bits)                                                                      \
  T __tsan_atomic##bits##_load(const volatile void* address, int) {                                \
    return __atomic_load_n(static_cast<const volatile T*>(address), kOrder);                       \
  }                                                                                                \
  void __tsan_atomic##bits##_store(volatile void* address, T value, int) {                         \
    __atomic_store_n(typed<T>(address), value, kOrder);                                            \
  }                                                                                                \
  T __tsan_atomic##bits##_exchange(volatile void* address, T value, int) {                         \
    return __atomic_exchange_n(typed<T>(address), value, kOrder);                                  \
  }                                                                                                \
  SIMT_FETCH(T, bits, add)                                                                         \
  SIMT_FETCH(T, bits, sub)                                                                         \
  SIMT_FETCH(T, bits, and)                                                                         \
  SIMT_FETCH(T, bits, or)                                                                          \
  SIMT_FETCH(T, bits, xor)                                                                         \
  SIMT_COMPARE(T, bits, strong)                                                                    \
  SIMT_COMPARE(T, bits, weak)                                                                      \
  T __tsan_atomic##bits##_compare_exchange_val(volatile void* address, T expected, T desired, int, \
                                               int) {                                              \
    compare_exchange(address, expected, desired);                                                  \
    return expected;                                                                               \
  }

extern "C" {

SIMT_ATOMICS(uint8_t, 8)
SIMT_ATOMICS(uint16_t, 16)
SIMT_ATOMICS(uint32_t, 32)
SIMT_ATOMICS(uint64_t, 64)

void __tsan_atomic_thread_fence(int) {
  __atomic_thread_fence(kOrder);
}
void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
