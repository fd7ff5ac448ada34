// The batch and its actions: gathered from the replay, sampled from the policy.
#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/sac/batch_source.cuh"
#include "kernels/sac/policy_sample.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

static_assert(sizeof(TanhGaussianSample<float>) == 4 * sizeof(float), "as the layout has it");

constexpr int kThreads = 128;

/// The action of row b of a group in q_input.
__device__ float* q_action(const DeviceState& d, const Scratch& u, int agent, Group group, int b) {
  const size_t row = static_cast<size_t>(group) * d.batch + b;
  return u.at(agent, u.layout.q_input) + row * (d.shape.obs + d.shape.act) + d.shape.obs;
}

__device__ float* row_value(const DeviceState& d, const Scratch& u, int agent, RowValue kind,
                            int b) {
  return u.at(agent, u.layout.row_values) + static_cast<size_t>(kind) * d.batch + b;
}

/// Puts float k of row b's record where it belongs.
__device__ void put(const DeviceState& d, const Scratch& u, int agent, int b, int k, float x) {
  const RecordLayout r = record_layout(d.shape);
  const bool v1 = d.shape.algorithm == Algorithm::sac_v1;
  if (k < r.action) {
    for (int group = v1 ? 0 : 1; group < kGroups; ++group) {
      q_action(d, u, agent, static_cast<Group>(group), b)[k - r.action] = x;
    }
  } else if (k < r.reward) {
    q_action(d, u, agent, Group::data, b)[k - r.action] = x;
  } else if (k == r.reward) {
    *row_value(d, u, agent, RowValue::reward, b) = x;
  } else if (k == r.terminated) {
    *row_value(d, u, agent, RowValue::terminated, b) = x;
  } else if (k < r.next_obs + d.shape.obs) {
    float* const next_obs =
        v1 ? u.at(agent, u.layout.next_obs) + static_cast<size_t>(b) * d.shape.obs
           : q_action(d, u, agent, Group::value, b) - d.shape.obs;
    next_obs[k - r.next_obs] = x;
  }
}

/// Grid: x covers the floats of the batch's records, y = agents.
__global__ void __launch_bounds__(kThreads)
    gather_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ GivenBatch given,
                  const __grid_constant__ Scratch u) {
  const int agent = blockIdx.y;
  const int i = static_cast<int>(blockIdx.x) * kThreads + thread_index();
  const bool active = learns(d, given, agent);
  if (i == 0) advance_clock(d, agent, active);
  if (!active) return;
  const int size = record_layout(d.shape).size;
  const int b = i / size, k = i % size;
  if (b >= d.batch) return;
  const uint32_t slot =
      given.records != nullptr ? static_cast<uint32_t>(b) : sampled_slot(d, agent, b);
  put(d, u, agent, b, k, batch_record(d, given, agent, slot)[k]);
}

/// Grid: x covers the rows of both samples, y = agents.
__global__ void __launch_bounds__(kThreads)
    sample_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ GivenBatch given,
                  const __grid_constant__ Scratch u) {
  const int agent = blockIdx.y;
  const int i = static_cast<int>(blockIdx.x) * kThreads + thread_index();
  const AgentControl& control = d.control[agent];
  if (i >= 2 * d.batch || control.next.active == 0) return;
  const bool for_value = i < d.batch;
  const int b = for_value ? i : i - d.batch;
  const int act = d.shape.act;
  const float* const heads =
      u.at(agent, u.layout.policy_output) +
      static_cast<size_t>(for_value ? b : policy_row(d.shape.algorithm, d.batch, b)) * 2 * act;
  const Purpose purpose = for_value ? target_noise(d.shape.algorithm) : Purpose::policy_noise;
  const float* const given_noise = for_value ? given.target_noise : given.policy_noise;
  float* const action = q_action(d, u, agent, for_value ? Group::value : Group::policy, b);
  float log_prob = 0;
  for (int a = 0; a < act; ++a) {
    const float noise = batch_noise(d, control, purpose, given_noise, b, a);
    const TanhGaussianSample<float> sample = policy_sample(control, heads, act, a, noise);
    action[a] = sample.action;
    log_prob += sample.log_prob;
    if (!for_value) {
      reinterpret_cast<TanhGaussianSample<float>*>(u.at(agent, u.layout.samples))[b * act + a] =
          sample;
    }
  }
  const RowValue kind = for_value ? RowValue::log_prob_value : RowValue::log_prob_policy;
  *row_value(d, u, agent, kind, b) = log_prob;
}

}  // namespace

void launch_gather(const DeviceState& d, const GivenBatch& given, const Scratch& u,
                   cudaStream_t stream) {
  const uint64_t floats = static_cast<uint64_t>(d.batch) * record_layout(d.shape).size;
  launch<NoShared>("gather", gather_kernel, agent_grid(floats, kThreads, d.agents), kThreads,
                   stream, d, given, u);
}

void launch_sample(const DeviceState& d, const GivenBatch& given, const Scratch& u,
                   cudaStream_t stream) {
  const uint64_t rows = 2 * static_cast<uint64_t>(d.batch);
  launch<NoShared>("sample", sample_kernel, agent_grid(rows, kThreads, d.agents), kThreads, stream,
                   d, given, u);
}

}  // namespace sac::unfused
