// Gradients of everything but W2 for a strip of 32 hidden units of one network, and the loss.
//
// A warp's lanes are the strip's units; the block's warps share the batch. A thread sums its rows
// in ascending order; the warps' sums are added in warp order.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/scratch.h"
#include "kernels/mlp/network.cuh"
#include "kernels/sac/row_loss.cuh"

namespace sac::fused {

struct ThinGradients {
  static constexpr int kStrip = kWarpSize;
  static constexpr int kWarps = 8;
  static constexpr int kThreads = kWarps * kWarpSize;
  static constexpr int kSlice = 64;  ///< batch rows staged at a time
  static constexpr int kPart = kSlice / kWarps;

  /// What a thread sums for its unit j; db3 and the loss come out the same in every lane.
  struct Sums {
    float w1[mlp::kMaxIn];   ///< dW1[j, .]
    float b1, b2;            ///< db1[j], db2[j]
    float w3[mlp::kMaxOut];  ///< dW3[., j]
    float b3[mlp::kMaxOut];
    float loss;
  };
  /// Where they lie in `partial`.
  static constexpr int kW1 = 0, kB1 = kW1 + mlp::kMaxIn, kB2 = kB1 + 1, kW3 = kB2 + 1;
  static constexpr int kB3 = kW3 + mlp::kMaxOut, kLoss = kB3 + mlp::kMaxOut, kSums = kLoss + 1;
  static_assert(sizeof(Sums) == kSums * sizeof(float), "every sum has its place");

  struct Slice {
    float input[kSlice][mlp::kMaxIn];
    float output_gradient[kSlice][mlp::kMaxOut];
    float loss[kSlice];
    int version[kSlice];  ///< of the policy's gradients
  };
  struct Shared {
    union {
      Slice slice;
      float partial[kWarps][kSums][kStrip];
    };
  };
};

/// Where one agent's arrays of one network lie in the scratch.
struct NetworkScratch {
  const float *input, *h1, *h2, *unit_dz1, *old_w3;

  /// The policy's complete gradients, through Q1 and through Q2.
  struct Version {
    const float *dz1, *dz2, *output_gradient;
  };
  Version through_q1, through_q2;

  __device__ NetworkScratch(const Scratch& scratch, int agent, Network network) {
    const float* base = scratch.at(agent, 0);
    const ScratchLayout& l = scratch.layout;
    const int n = static_cast<int>(network);
    input = base + l.input;
    h1 = base + l.h1[n];
    h2 = base + l.h2[n];
    unit_dz1 = base + l.unit_dz1[n];
    old_w3 = base + l.old_w3[n];
    through_q1 = {base + l.policy_dz1[0], base + l.policy_dz2[0],
                  base + l.policy_output_gradient[0]};
    through_q2 = {base + l.policy_dz1[1], base + l.policy_dz2[1],
                  base + l.policy_output_gradient[1]};
  }

  __device__ const Version& version(int v) const { return v == 0 ? through_q1 : through_q2; }
};

/// One block's work: the sums over the batch for a strip of one network.
template <int H>
class ThinGradientsBlock {
  using Layout = ThinGradients;

 public:
  __device__ ThinGradientsBlock(const DeviceState& d, const Scratch& scratch, int agent,
                                Network network, int strip, Layout::Shared& s)
      : network_(network),
        in_(d.networks[static_cast<int>(network)].in),
        out_(d.networks[static_cast<int>(network)].out),
        input_stride_(d.shape.obs + d.shape.act),
        batch_(d.batch),
        unit_(strip * Layout::kStrip + lane_index()),
        scratch_(scratch, agent, network),
        rows_(scratch.at(agent, scratch.layout.row_values), d.batch, d.control[agent]),
        s_(s) {}

  /// s.partial holds the warps' sums, visible to the block on return.
  __device__ void sum() {
    Layout::Sums sums = {};
    for (int first = 0; first < batch_; first += Layout::kSlice) {
      stage(first);
      __syncthreads();
      accumulate(first, sums);
      __syncthreads();
    }
    if (network_ != Network::pi) sums.b2 *= scratch_.old_w3[unit_];
    put(sums);
    __syncthreads();
  }

 private:
  __device__ bool policy() const { return network_ == Network::pi; }

  /// The slice's per-row data into shared memory, shared by all units.
  __device__ void stage(int first) {
    const int count = batch_ - first < Layout::kSlice ? batch_ - first : Layout::kSlice;
    for (int i = thread_index(); i < count * in_; i += Layout::kThreads) {
      const int row = i / in_, k = i % in_;
      s_.slice.input[row][k] = scratch_.input[static_cast<size_t>(first + row) * input_stride_ + k];
    }
    for (int row = thread_index(); row < count; row += Layout::kThreads) {
      const int b = first + row;
      s_.slice.loss[row] = rows_.loss(network_, b);
      if (policy()) {
        const int version = rows_.policy_q(b);
        s_.slice.version[row] = version;
        for (int o = 0; o < out_; ++o) {
          s_.slice.output_gradient[row][o] =
              scratch_.version(version).output_gradient[static_cast<size_t>(b) * out_ + o];
        }
      } else {
        s_.slice.output_gradient[row][0] = rows_.output_gradient(network_, b);
      }
    }
  }

  __device__ void accumulate(int first, Layout::Sums& sums) const {
    const int begin = warp_index() * Layout::kPart;
#pragma unroll
    for (int i = 0; i < Layout::kPart; ++i) {
      const int row = begin + i;
      if (first + row < batch_) add_row(row, static_cast<size_t>(first + row) * H + unit_, sums);
    }
  }

  /// Adds one batch row; `at` is the unit's place in the [B, H] arrays.
  __device__ void add_row(int row, size_t at, Layout::Sums& sums) const {
    const float h2 = scratch_.h2[at];
    float dz1, dz2;
    if (policy()) {
      const int version = s_.slice.version[row];
      dz1 = scratch_.version(version).dz1[at];
      dz2 = scratch_.version(version).dz2[at];
    } else {
      const float gradient = s_.slice.output_gradient[row][0];
      dz1 = gradient * scratch_.unit_dz1[at];
      dz2 = h2 > 0 ? gradient : 0.0f;  // times w3, once, at the end
    }
    sums.b1 += dz1;
    sums.b2 += dz2;
    sums.loss += s_.slice.loss[row];
#pragma unroll
    for (int k = 0; k < mlp::kMaxIn; ++k) {
      if (k < in_) sums.w1[k] = fmaf(dz1, s_.slice.input[row][k], sums.w1[k]);
    }
#pragma unroll
    for (int o = 0; o < mlp::kMaxOut; ++o) {
      if (o >= out_) continue;
      const float gradient = s_.slice.output_gradient[row][o];
      sums.w3[o] = fmaf(gradient, h2, sums.w3[o]);
      sums.b3[o] += gradient;
    }
  }

  __device__ void put(const Layout::Sums& sums) {
    float(*column)[Layout::kStrip] = s_.partial[warp_index()];
    const int lane = lane_index();
#pragma unroll
    for (int k = 0; k < mlp::kMaxIn; ++k) column[Layout::kW1 + k][lane] = sums.w1[k];
    column[Layout::kB1][lane] = sums.b1;
    column[Layout::kB2][lane] = sums.b2;
#pragma unroll
    for (int o = 0; o < mlp::kMaxOut; ++o) column[Layout::kW3 + o][lane] = sums.w3[o];
#pragma unroll
    for (int o = 0; o < mlp::kMaxOut; ++o) column[Layout::kB3 + o][lane] = sums.b3[o];
    column[Layout::kLoss][lane] = sums.loss;
  }

  const Network network_;
  const int in_, out_, input_stride_, batch_, unit_;
  const NetworkScratch scratch_;
  const RowLosses rows_;
  Layout::Shared& s_;
};

}  // namespace sac::fused
