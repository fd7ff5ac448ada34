#include "host/cuda/gradient_exchange.h"

#include <nccl.h>

#include <string>
#include <vector>

#include "host/cuda/gpu.h"
#include "host/ranks/ranks.h"

namespace sac::cuda {
namespace {

void check(ncclResult_t result, const char* call) {
  if (result == ncclSuccess) return;
  std::string reason = ncclGetErrorString(result);
  if (result == ncclInvalidUsage) reason += "; every rank needs a GPU of its own";
  throw ExchangeError(std::string(call) + ": " + reason);
}

/// Another kind of GPU would step its environments to other bits.
void require_one_kind(const ranks::Ranks& ranks) {
  const std::string own = probe_gpu().line;
  const std::vector<char> first = ranks.from_first(std::vector<char>(own.begin(), own.end()));
  const std::string wanted(first.begin(), first.end());
  if (own == wanted) return;
  throw ExchangeError("the GPUs of a run must be of one kind: rank " + std::to_string(ranks.rank) +
                      " has " + own + ", rank 0 " + wanted);
}

}  // namespace

std::string why_no_exchange() {
  int version = 0;
  const ncclResult_t result = ncclGetVersion(&version);
  return result == ncclSuccess ? "" : ncclGetErrorString(result);
}

GradientExchange::GradientExchange(const ranks::Ranks& ranks) {
  require_one_kind(ranks);
  ncclUniqueId id{};
  if (ranks.rank == 0) check(ncclGetUniqueId(&id), "ncclGetUniqueId");
  id = ranks.from_first(id);
  check(ncclCommInitRank(&communicator_, ranks.size, id, ranks.rank), "ncclCommInitRank");
}

GradientExchange::~GradientExchange() {
  ncclCommDestroy(communicator_);
}

void GradientExchange::sum(float* values, size_t count, cudaStream_t stream) const {
  check(ncclAllReduce(values, values, count, ncclFloat, ncclSum, communicator_, stream),
        "ncclAllReduce");
}

}  // namespace sac::cuda
