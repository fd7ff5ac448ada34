// Sums over the batch that are no products: the biases' gradients and the losses.
//
// A block owns a strip of 32 columns of dz1 or dz2, or the outputs' gradients and the loss. Its
// warps share the rows, in ascending order each; their sums are added in warp order.
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/network.cuh"
#include "kernels/sac/row_loss.cuh"
#include "kernels/sac/temperature.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarpSize;
constexpr int kStrip = kWarpSize;
static_assert(mlp::kMaxOut < kStrip, "all outputs and the loss fit one strip");

struct Shared {
  float partial[kWarps][kStrip];
};

__device__ float* agent_gradients(const DeviceState& d, int agent) {
  return d.gradients + agent * gradient_stride(d);
}

SAC_HD constexpr int strips(int hidden) {
  return (hidden + kStrip - 1) / kStrip;
}

/// The sum over the batch of value(b), in warp 0; all threads call.
template <class Value>
__device__ float batch_sum(Shared& s, int batch, const Value& value) {
  float sum = 0;
  for (int b = warp_index(); b < batch; b += kWarps) sum += value(b);
  s.partial[warp_index()][lane_index()] = sum;
  __syncthreads();
  sum = 0;
  for (int w = 0; w < kWarps; ++w) sum += s.partial[w][lane_index()];
  return sum;
}

/// A strip of a hidden layer: db[j] = sum_b dz[b, j].
__device__ void sum_layer(Shared& s, int batch, const float* dz, int hidden, int first,
                          float* gradient) {
  const int j = first + lane_index();
  const float sum = batch_sum(
      s, batch, [&](int b) { return j < hidden ? dz[static_cast<size_t>(b) * hidden + j] : 0.0f; });
  if (warp_index() == 0 && j < hidden) gradient[j] = sum;
}

/// A lane per output, and one for the loss.
__device__ void sum_outputs(Shared& s, const DeviceState& d, const Scratch& u, int agent,
                            Network network, float* gradient) {
  const int out = d.networks[static_cast<int>(network)].out;
  const float* const dy = u.at(agent, u.layout.output_gradient[static_cast<int>(network)]);
  const RowLosses rows(u.at(agent, u.layout.row_values), d, d.control[agent]);
  const int lane = lane_index();
  const float sum = batch_sum(s, d.batch, [&](int b) {
    if (lane < out) return dy[static_cast<size_t>(b) * out + lane];
    return lane == out ? rows.loss(network, rows.terms(network, b)) : 0.0f;
  });
  if (warp_index() > 0) return;
  if (lane < out) gradient[lane] = sum;
  if (lane == out) put_loss<true>(d, agent, network, sum / d.whole_batch);
}

/// sac_v2's log_alpha: its gradient and its loss.
__device__ void sum_temperature(Shared& s, const DeviceState& d, const Scratch& u, int agent) {
  const float target_entropy = d.control[agent].target_entropy;
  const float* const log_probs =
      u.at(agent, u.layout.row_values) + static_cast<size_t>(RowValue::log_prob_policy) * d.batch;
  const float deficit =
      batch_sum(s, d.batch, [&](int b) { return entropy_deficit(log_probs[b], target_entropy); }) /
      d.whole_batch;
  if (thread_index() > 0) return;
  const size_t at = log_alpha_offset(d);
  agent_gradients(d, agent)[at] = -deficit;
  put_loss<true>(d, agent, Network::log_alpha,
                 -deficit * d.parameters[agent * d.parameter_stride + at]);
}

/// Grid: x = strips of dz1, strips of dz2, the outputs; y = agents, z = trained networks, and in
/// sac_v2 the temperature.
__global__ void __launch_bounds__(kThreads)
    batch_sums_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ Scratch u) {
  Shared& s = shared_storage<Shared>();
  const int agent = blockIdx.y, n = blockIdx.z;
  if (d.control[agent].next.active == 0) return;
  if (n == trained_networks(d.shape.algorithm)) {
    if (blockIdx.x == 0) sum_temperature(s, d, u, agent);
    return;
  }
  const NetworkLayout& l = d.networks[n];
  float* const gradients = agent_gradients(d, agent);
  const int block = blockIdx.x, hidden = d.shape.hidden;
  if (block < strips(hidden)) {
    sum_layer(s, d.batch, u.at(agent, u.layout.dz1[n]), hidden, block * kStrip, gradients + l.b1);
  } else if (block < 2 * strips(hidden)) {
    sum_layer(s, d.batch, u.at(agent, u.layout.dz2[n]), hidden, (block - strips(hidden)) * kStrip,
              gradients + l.b2);
  } else {
    sum_outputs(s, d, u, agent, static_cast<Network>(n), gradients + l.b3);
  }
}

}  // namespace

void launch_batch_sums(const DeviceState& d, const Scratch& u, cudaStream_t stream) {
  const dim3 grid(static_cast<unsigned>(2 * strips(d.shape.hidden) + 1),
                  static_cast<unsigned>(d.agents), kLosses);
  launch<Shared>("batch sums", batch_sums_kernel, grid, kThreads, stream, d, u);
}

}  // namespace sac::unfused
