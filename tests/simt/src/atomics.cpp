#include "simt/atomics.h"

#include <algorithm>

#include "machine.h"
#include "simt/inspect.h"

namespace simt::detail {
namespace {

template <class T>
T combine(AtomicOperation operation, T old, T value) {
  switch (operation) {
    case AtomicOperation::add: {
      using Unsigned = std::make_unsigned_t<T>;  // wraps around, as the GPU's integers do
      return static_cast<T>(static_cast<Unsigned>(old) + static_cast<Unsigned>(value));
    }
    case AtomicOperation::minimum:
      return std::min(old, value);
    case AtomicOperation::maximum:
      return std::max(old, value);
    case AtomicOperation::bit_and:
      return old & value;
    case AtomicOperation::bit_or:
      return old | value;
    case AtomicOperation::bit_xor:
      return old ^ value;
    case AtomicOperation::exchange:
      return value;
  }
  return old;
}

/// Tells the checks of a checked kernel.
template <class T>
void look_at(T* address, void* site) {
  Machine* machine = Machine::running();
  if (!machine || !checked()) return;
  machine->access(address, sizeof(T), AccessKind::atomic, true, reinterpret_cast<uintptr_t>(site));
}

}  // namespace

template <AtomicInteger T>
T atomic_update(AtomicOperation operation, T* address, T value) {
  look_at(address, __builtin_return_address(0));
  T old = __atomic_load_n(address, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(address, &old, combine(operation, old, value), true,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return old;
}

template <AtomicInteger T>
T atomic_compare_and_swap(T* address, T compare, T value) {
  look_at(address, __builtin_return_address(0));
  __atomic_compare_exchange_n(address, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return compare;
}

template int atomic_update(AtomicOperation, int*, int);
template unsigned atomic_update(AtomicOperation, unsigned*, unsigned);
template unsigned long long atomic_update(AtomicOperation, unsigned long long*, unsigned long long);
template int atomic_compare_and_swap(int*, int, int);
template unsigned atomic_compare_and_swap(unsigned*, unsigned, unsigned);
template unsigned long long atomic_compare_and_swap(unsigned long long*, unsigned long long,
                                                    unsigned long long);

}  // namespace simt::detail
