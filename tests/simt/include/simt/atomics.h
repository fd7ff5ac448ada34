// Atomics on integers. Those on floating point are left out on purpose: their sums depend on the
// order of arrival, and a kernel that needs them does not compile here.
#pragma once

#include <concepts>
#include <type_traits>

namespace simt::detail {

template <class T>
concept AtomicInteger =
    std::same_as<T, int> || std::same_as<T, unsigned> || std::same_as<T, unsigned long long>;

enum class AtomicOperation { add, minimum, maximum, bit_and, bit_or, bit_xor, exchange };

/// Both return the value before the operation.
template <AtomicInteger T>
T atomic_update(AtomicOperation operation, T* address, T value);
template <AtomicInteger T>
T atomic_compare_and_swap(T* address, T compare, T value);

}  // namespace simt::detail

template <simt::detail::AtomicInteger T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::add, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::minimum, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::maximum, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicAnd(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::bit_and, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::bit_or, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicXor(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::bit_xor, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  return simt::detail::atomic_update(simt::detail::AtomicOperation::exchange, address, value);
}
template <simt::detail::AtomicInteger T>
T atomicCAS(T* address, std::type_identity_t<T> compare, std::type_identity_t<T> value) {
  return simt::detail::atomic_compare_and_swap(address, compare, value);
}
