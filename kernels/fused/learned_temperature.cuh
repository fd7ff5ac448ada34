// sac_v2's temperature: the step of log_alpha, by one block.
//
// A thread sums its rows in ascending order, a warp its threads' sums, then the first thread those
// of all warps: the order is the same always.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/sac/adam.cuh"
#include "kernels/sac/row_loss.cuh"
#include "kernels/sac/temperature.cuh"

namespace sac::fused {

struct LearnedTemperature {
  static constexpr int kWarps = 8;
  static constexpr int kThreads = kWarps * kWarpSize;
  struct Shared {
    float partial[kWarps];
  };
};

/// From the log-probs of eq. 12's samples among the agent's row values to J_alpha and Adam. A call,
/// so that the update's other blocks do not run out of registers.
template <bool kStoreGradients>
__device__ __attribute__((noinline)) void update_temperature(const DeviceState& d,
                                                             const float* row_values, int agent,
                                                             LearnedTemperature::Shared& s) {
  AgentControl& control = d.control[agent];
  const float* const log_probs = row_values + static_cast<int>(RowValue::log_prob_policy) * d.batch;
  float sum = 0;
  for (int b = thread_index(); b < d.batch; b += LearnedTemperature::kThreads) {
    sum += entropy_deficit(log_probs[b], control.target_entropy);
  }
  sum = warp_sum(sum);
  if (lane_index() == 0) s.partial[warp_index()] = sum;
  __syncthreads();
  if (thread_index() > 0) return;
  sum = 0;
  for (const float part : s.partial) sum += part;

  const float deficit = sum / d.whole_batch;
  const ElementUpdate<kStoreGradients> update(d, agent, Network::log_alpha);
  auto log_alpha = update.template fetch<1>(log_alpha_offset(d));
  put_loss<kStoreGradients>(d, agent, Network::log_alpha, -deficit * log_alpha.parameters.v[0]);
  update.apply(UpdateStep(control, Network::log_alpha), log_alpha_offset(d), log_alpha,
               Words<1>{-deficit});
}

}  // namespace sac::fused
