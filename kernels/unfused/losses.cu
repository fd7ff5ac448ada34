// From the networks' outputs to the gradients of the losses with respect to them, a thread per row.
#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/sac/policy_sample.cuh"
#include "kernels/sac/row_loss.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

constexpr int kThreads = 128;

/// Grid: x covers the batch, y = agents.
__global__ void __launch_bounds__(kThreads)
    value_gradients_kernel(const __grid_constant__ DeviceState d,
                           const __grid_constant__ Scratch u) {
  const int agent = blockIdx.y;
  const int b = static_cast<int>(blockIdx.x) * kThreads + thread_index();
  if (b >= d.batch) return;
  float* const row_values = u.at(agent, u.layout.row_values);
  put_soft_value(row_values, d, b, d.control[agent].next.alpha);
  const RowLosses rows(row_values, d, d.control[agent]);
  const auto gradient = [&](Network n) {
    return u.at(agent, u.layout.output_gradient[static_cast<int>(n)]);
  };
  if (d.shape.algorithm == Algorithm::sac_v1) {
    gradient(Network::v)[b] = rows.output_gradient(Network::v, rows.terms(Network::v, b));
  }
  const int policy_q = rows.policy_q(rows.terms(Network::pi, b));
  for (int q = 0; q < 2; ++q) {
    const Network n = q == 0 ? Network::q1 : Network::q2;
    gradient(n)[b] = rows.output_gradient(n, rows.terms(n, b));
    gradient(n)[d.batch + b] = policy_q == q ? 1.0f : 0.0f;
  }
}

/// Grid: x covers the batch, y = agents.
__global__ void __launch_bounds__(kThreads)
    policy_gradient_kernel(const __grid_constant__ DeviceState d,
                           const __grid_constant__ Scratch u) {
  const int agent = blockIdx.y;
  const int b = static_cast<int>(blockIdx.x) * kThreads + thread_index();
  if (b >= d.batch) return;
  const int act = d.shape.act;
  const size_t row = static_cast<size_t>(b) * act;
  const float* const heads =
      u.at(agent, u.layout.policy_output) +
      static_cast<size_t>(policy_row(d.shape.algorithm, d.batch, b)) * 2 * act;
  const float* const action_gradient = u.at(agent, u.layout.action_gradient) + row;
  const auto* const sample =
      reinterpret_cast<const TanhGaussianSample<float>*>(u.at(agent, u.layout.samples)) + row;
  float* const gradient =
      u.at(agent, u.layout.output_gradient[static_cast<int>(Network::pi)]) + 2 * row;
  const float weight = 1.0f / d.whole_batch;
  const AgentControl& control = d.control[agent];
  for (int a = 0; a < act; ++a) {
    const TanhGaussianGradient<float> g = heads_gradient(
        control, heads, act, a, sample[a], action_gradient[a], weight, control.next.alpha);
    gradient[a] = g.mean;
    gradient[act + a] = g.log_std;
  }
}

}  // namespace

void launch_value_gradients(const DeviceState& d, const Scratch& u, cudaStream_t stream) {
  launch<NoShared>("value gradients", value_gradients_kernel,
                   agent_grid(d.batch, kThreads, d.agents), kThreads, stream, d, u);
}

void launch_policy_gradient(const DeviceState& d, const Scratch& u, cudaStream_t stream) {
  launch<NoShared>("policy gradient", policy_gradient_kernel,
                   agent_grid(d.batch, kThreads, d.agents), kThreads, stream, d, u);
}

}  // namespace sac::unfused
