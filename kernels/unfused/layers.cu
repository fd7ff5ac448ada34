// What stands between two products of a network: bias and ReLU forward, the ReLU's mask backward.
// A warp takes a row, its lanes the columns in turn.
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/mlp/forward.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

constexpr int kThreads = 256;
constexpr int kRowsPerBlock = kThreads / kWarpSize;

/// The warp's row in the agent's matrix; null beyond the last one.
__device__ float* warp_row(const AgentMatrix& m) {
  const int row = static_cast<int>(blockIdx.x) * kRowsPerBlock + warp_index();
  if (row >= m.rows) return nullptr;
  return m.data + blockIdx.y * m.agent_stride + static_cast<size_t>(row) * m.row_stride;
}

template <bool kRelu>
__global__ void __launch_bounds__(kThreads)
    add_bias_kernel(const __grid_constant__ AgentMatrix z,
                    const __grid_constant__ AgentMatrix bias) {
  float* const row = warp_row(z);
  if (row == nullptr) return;
  const float* const b = bias.data + blockIdx.y * bias.agent_stride;
  for (int j = lane_index(); j < z.cols; j += kWarpSize) {
    const float x = row[j] + b[j];
    row[j] = kRelu ? mlp::relu(x) : x;
  }
}

__global__ void __launch_bounds__(kThreads)
    mask_kernel(const __grid_constant__ AgentMatrix gradient,
                const __grid_constant__ AgentMatrix h) {
  float* const row = warp_row(gradient);
  if (row == nullptr) return;
  const float* const open = warp_row(h);
  for (int j = lane_index(); j < gradient.cols; j += kWarpSize) {
    if (!(open[j] > 0)) row[j] = 0;
  }
}

dim3 grid_of(const AgentMatrix& m, int agents) {
  return agent_grid(m.rows, kRowsPerBlock, agents);
}

}  // namespace

void launch_add_bias(const AgentMatrix& z, const AgentMatrix& bias, bool relu, int agents,
                     cudaStream_t stream) {
  const auto kernel = relu ? add_bias_kernel<true> : add_bias_kernel<false>;
  launch<NoShared>("bias", kernel, grid_of(z, agents), kThreads, stream, z, bias);
}

void launch_mask(const AgentMatrix& gradient, const AgentMatrix& h, int agents,
                 cudaStream_t stream) {
  launch<NoShared>("ReLU mask", mask_kernel, grid_of(gradient, agents), kThreads, stream, gradient,
                   h);
}

}  // namespace sac::unfused
