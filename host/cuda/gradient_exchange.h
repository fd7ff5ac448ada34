// What the processes of one run have to tell each other in every gradient step: NCCL's sum.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <stdexcept>

struct ncclComm;

namespace sac::ranks {
class Ranks;
}

namespace sac::cuda {

/// A call of NCCL failed; what() names the call and the library's reason.
class ExchangeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Every process steps all environments, so that all replays are the same with nothing sent; hence
/// their GPUs must be of one kind. Not copyable.
class GradientExchange {
 public:
  /// A call of all ranks, each on its current device. Throws ExchangeError; a rank that does ends,
  /// and the launcher with it those that wait for it.
  explicit GradientExchange(const ranks::Ranks& ranks);
  ~GradientExchange();
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;

  /// Adds up values[count], in device memory, over the ranks: the same bits on all. Asynchronous,
  /// may be captured; the ranks submit the same sums in the same order. Throws ExchangeError.
  void sum(float* values, size_t count, cudaStream_t stream) const;

 private:
  ncclComm* communicator_ = nullptr;
};

}  // namespace sac::cuda
