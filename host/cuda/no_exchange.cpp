// In the place of gradient_exchange.cpp in a build without MPI or NCCL.
#include "host/cuda/gpu.h"
#include "host/cuda/gradient_exchange.h"

namespace sac::cuda {

std::string why_no_exchange() {
  return "this build has no NCCL";
}

GradientExchange::GradientExchange(const ranks::Ranks&) {
  throw ExchangeError(why_no_exchange());
}

GradientExchange::~GradientExchange() = default;

void GradientExchange::sum(float*, size_t, cudaStream_t) const {}

}  // namespace sac::cuda
