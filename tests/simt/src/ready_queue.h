// The threads of a block that can run, in the order in which they take their turns.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>

#include "simt/inspect.h"

namespace simt {

class ReadyQueue {
 public:
  static constexpr unsigned kCapacity = 1024;

  /// Empties the queue and sets the order of whatever is released from now on.
  void begin(Order order, uint64_t seed) {
    order_ = order;
    if (order == Order::random) generator_.seed(seed);
    head_ = count_ = 0;
  }

  /// Queues threads that became ready together, given in ascending order, behind the others.
  void release(std::span<unsigned> threads) {
    if (order_ == Order::reverse) std::reverse(threads.begin(), threads.end());
    if (order_ == Order::random) std::shuffle(threads.begin(), threads.end(), generator_);
    for (unsigned thread : threads) ring_[(head_ + count_++) % kCapacity] = thread;
  }

  bool empty() const { return count_ == 0; }

  unsigned take() {
    --count_;
    return ring_[head_++ % kCapacity];
  }

 private:
  Order order_ = Order::forward;
  std::mt19937_64 generator_;
  std::array<unsigned, kCapacity> ring_{};
  unsigned head_ = 0, count_ = 0;
};

}  // namespace simt
