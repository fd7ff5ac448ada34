// Warp collectives by deposit and exchange: every lane of the mask deposits its operand and waits;
// the last one to arrive computes all results. A lane outside of its own mask, or lanes that name
// each other with different masks or operations, are reported. As in CUDA, lanes that have exited
// are not waited for, and reading a lane that takes no part gives an undefined value: here NaN.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace simt {
namespace detail {

/// Computes the results of a collective in place; lanes[i] is null for a lane without part. A null
/// function stands for __syncwarp, which orders memory and computes nothing.
using CompleteCollective = void (*)(void* const* lanes, unsigned active);

void warp_collective(const char* operation, unsigned mask, void* mine, CompleteCollective complete,
                     const char* file, int line);

}  // namespace detail

/// Runs `function(T* const* lanes, unsigned active)` once for all lanes of the mask, each with the
/// address of its `mine`, which is where results go. lanes[i] is null if lane i takes no part. What
/// a tensor-core instruction does in hardware is written with this one call.
template <class T, class F>
void warp_apply(unsigned mask, T& mine, F, const char* operation = "warp_apply",
                const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  static_assert(std::is_empty_v<F>, "the function runs for all lanes and may capture nothing");
  detail::warp_collective(
      operation, mask, &mine,
      [](void* const* lanes, unsigned active) {
        T* typed[32];
        for (int i = 0; i < 32; ++i) typed[i] = static_cast<T*>(lanes[i]);
        F()(static_cast<T* const*>(typed), active);
      },
      file, line);
}

namespace detail {

template <class T>
struct ShuffleOperand {
  T value;
  T result;
  int source;  ///< lane to read
};

/// The value a lane reads is undefined: all bits one, which is NaN for floating point.
template <class T>
T undefined_value() {
  T value;
  std::memset(static_cast<void*>(&value), 0xff, sizeof value);
  return value;
}

template <class T>
T shuffle(const char* operation, unsigned mask, T value, int source, const char* file, int line) {
  static_assert(std::is_arithmetic_v<T> && sizeof(T) >= 4);
  ShuffleOperand<T> mine{value, value, source};
  const auto exchange = [](ShuffleOperand<T>* const* lanes, unsigned) {
    for (int i = 0; i < 32; ++i) {
      if (!lanes[i]) continue;
      const ShuffleOperand<T>* from = lanes[lanes[i]->source];
      lanes[i]->result = from ? from->value : undefined_value<T>();
    }
  };
  warp_apply(mask, mine, exchange, operation, file, line);
  return mine.result;
}

/// The calling thread's lane.
int lane();

/// The votes of the lanes in the mask as bits.
unsigned ballot(const char* operation, unsigned mask, bool predicate, const char* file, int line);

template <class T, class F>
T reduce(const char* operation, unsigned mask, T value, F, const char* file, int line) {
  const auto combine = [](T* const* lanes, unsigned) {
    T total{};
    bool first = true;
    for (int i = 0; i < 32; ++i) {
      if (!lanes[i]) continue;
      total = first ? *lanes[i] : F()(total, *lanes[i]);
      first = false;
    }
    for (int i = 0; i < 32; ++i) {
      if (lanes[i]) *lanes[i] = total;
    }
  };
  warp_apply(mask, value, combine, operation, file, line);
  return value;
}

/// First lane of the sub-warp of `width` lanes that this lane belongs to.
inline int segment(int width) {
  return lane() & ~(width - 1);
}

}  // namespace detail
}  // namespace simt

/// Orders the memory accesses of the lanes in the mask; the other collectives do not.
inline void __syncwarp(unsigned mask = 0xffffffffu, const char* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  int nothing = 0;
  simt::detail::warp_collective("__syncwarp", mask, &nothing, nullptr, file, line);
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32,
              const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int from = simt::detail::segment(width) | (source & (width - 1));
  return simt::detail::shuffle("__shfl_sync", mask, value, from, file, line);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = simt::detail::lane();
  const int from = lane - static_cast<int>(delta);
  return simt::detail::shuffle("__shfl_up_sync", mask, value,
                               from < simt::detail::segment(width) ? lane : from, file, line);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = simt::detail::lane();
  const int from = lane + static_cast<int>(delta);
  return simt::detail::shuffle("__shfl_down_sync", mask, value,
                               from < simt::detail::segment(width) + width ? from : lane, file,
                               line);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32,
                  const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const int lane = simt::detail::lane();
  const int from = lane ^ lane_mask;
  return simt::detail::shuffle("__shfl_xor_sync", mask, value,
                               from < simt::detail::segment(width) + width ? from : lane, file,
                               line);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) {
  return simt::detail::ballot("__ballot_sync", mask, predicate != 0, file, line);
}
inline int __any_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return simt::detail::ballot("__any_sync", mask, predicate != 0, file, line) != 0;
}
inline int __all_sync(unsigned mask, int predicate, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return simt::detail::ballot("__all_sync", mask, predicate == 0, file, line) == 0;
}

template <class T>
T __reduce_add_sync(unsigned mask, T value, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  static_assert(std::is_integral_v<T> && sizeof(T) == 4);
  const auto add = [](T a, T b) {
    return static_cast<T>(static_cast<unsigned>(a) + static_cast<unsigned>(b));
  };
  return simt::detail::reduce("__reduce_add_sync", mask, value, add, file, line);
}
template <class T>
T __reduce_min_sync(unsigned mask, T value, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  static_assert(std::is_integral_v<T> && sizeof(T) == 4);
  const auto least = [](T a, T b) { return b < a ? b : a; };
  return simt::detail::reduce("__reduce_min_sync", mask, value, least, file, line);
}
template <class T>
T __reduce_max_sync(unsigned mask, T value, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  static_assert(std::is_integral_v<T> && sizeof(T) == 4);
  const auto greatest = [](T a, T b) { return a < b ? b : a; };
  return simt::detail::reduce("__reduce_max_sync", mask, value, greatest, file, line);
}
