// Gradients of everything but W2 for a strip of 32 hidden units of one network, and the loss.
//
// A warp's lanes are the strip's units; the block's warps share each slice of the batch. A thread
// sums its rows in ascending order; the warps' sums are added in warp order.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/network_scratch.cuh"
#include "kernels/mlp/batch_slices.cuh"
#include "kernels/mlp/network.cuh"
#include "kernels/sac/row_loss.cuh"

namespace sac::fused {

/// The words of a slice as they are: a warp reads whole rows.
struct PlainArrangement {
  __device__ static int place(int, int word) { return word; }
};

struct ThinGradients {
  static constexpr int kStrip = kWarpSize;
  static constexpr int kWarps = 8;
  static constexpr int kThreads = kWarps * kWarpSize;
  /// Strips of h2, dz1 and, of the policy, dz2.
  using Batch = mlp::BatchSlices<3, 32, 4, kThreads, PlainArrangement>;
  static constexpr int kPart = Batch::kSlice / kWarps;  ///< rows of a slice that a warp sums

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

  /// What belongs to a row of the batch: the input, then the output's gradient, zeros beyond the
  /// network's sizes and beyond the batch.
  static constexpr int kOutputGradient = mlp::kMaxIn;
  static constexpr int kRowFloats = mlp::kMaxIn + mlp::kMaxOut;
  static_assert(mlp::kMaxIn % 4 == 0 && mlp::kMaxOut % 4 == 0, "both are read in whole words");

  struct Chunk {
    typename Batch::Shared batch;
    alignas(16) float row[Batch::kChunk][kRowFloats];
    float loss[Batch::kChunk];
    int version[Batch::kChunk];  ///< where the policy's gradients lie, from those through Q1
  };
  union Shared {
    Chunk chunk;
    float partial[kWarps][kSums][kStrip];
  };
};

/// One block's work: the sums over the batch for a strip of one network.
template <int H>
class ThinGradientsBlock {
  using Layout = ThinGradients;
  using Batch = Layout::Batch;

 public:
  __device__ ThinGradientsBlock(const DeviceState& d, const NetworkScratch& scratch,
                                const RowLosses& rows, Network network, int strip,
                                Layout::Shared& s)
      : network_(network),
        in_(d.networks[static_cast<int>(network)].in),
        out_(d.networks[static_cast<int>(network)].out),
        input_stride_(d.shape.obs + d.shape.act),
        batch_(d.batch),
        first_unit_(strip * Layout::kStrip),
        scratch_(scratch),
        rows_(rows),
        s_(s) {}

  /// s.partial holds the warps' sums, visible to the block on return.
  __device__ void sum() {
    Layout::Sums sums = {};
#pragma unroll 1
    for (int first = 0; first < batch_; first += Batch::kChunk) {
      const int count = batch_ - first < Batch::kChunk ? batch_ - first : Batch::kChunk;
      fetch(first, count);
      Batch::for_each_slice(
          s_.chunk.batch, count, [](int, int, float*) {},
          [&](const Batch::Slice& slice, int row) { add_rows(slice, row, sums); });
    }
    if (!policy()) sums.b2 *= scratch_.old_w3[first_unit_ + lane_index()];
    put(sums);
    __syncthreads();
  }

 private:
  __device__ bool policy() const {
    return network_ == Network::pi;
  }

  /// The strips of a chunk on their way. What belongs to its rows is visible with the first slice.
  __device__ void fetch(int first, int count) {
    const int row = thread_index();
    RowLosses::Terms terms = {};
    if (row < count) terms = rows_.terms(network_, first + row);
    if (policy()) {
      if (row < Batch::kChunk) {
        s_.chunk.version[row] = row < count ? rows_.policy_q(terms) * scratch_.through_q2 : 0;
      }
      __syncthreads();
    }
    Batch::fetch(s_.chunk.batch, count, policy() ? 3 : 2, [&](int strip, int r) -> const float* {
      const size_t at = static_cast<size_t>(first + r) * H + first_unit_;
      if (strip == 0) return scratch_.h2 + at;
      if (!policy()) return scratch_.unit_dz1 + at;
      return (strip == 1 ? scratch_.dz1 : scratch_.dz2) + s_.chunk.version[r] + at;
    });
    stage_rows(first, count);
    stage_loss(row, row < count, terms);
  }

  /// A warp takes a row, a lane one of its numbers; a scalar network's gradient is not among them.
  __device__ void stage_rows(int first, int count) {
    const int lane = lane_index(), output = lane - Layout::kOutputGradient;
    if (lane >= Layout::kRowFloats || (!policy() && output == 0)) return;
    const bool input = output < 0;
    const bool exists = input ? lane < in_ : output < out_;
    const int stride = input ? input_stride_ : out_;
    const float* from = (input ? scratch_.input + lane : scratch_.output_gradient + output) +
                        static_cast<size_t>(first) * stride;
#pragma unroll
    for (int n = 0; n < Batch::kChunk / Layout::kWarps; ++n) {
      const int row = n * Layout::kWarps + warp_index();
      float x = 0;
      if (exists && row < count) x = from[row * stride + (input ? 0 : s_.chunk.version[row])];
      s_.chunk.row[row][lane] = x;
    }
  }

  /// A thread takes a row of the chunk.
  __device__ void stage_loss(int row, bool there, const RowLosses::Terms& terms) {
    if (row >= Batch::kChunk) return;
    s_.chunk.loss[row] = there ? rows_.loss(network_, terms) : 0.0f;
    if (policy()) return;
    s_.chunk.row[row][Layout::kOutputGradient] =
        there ? rows_.output_gradient(network_, terms) : 0.0f;
  }

  /// Adds the warp's rows of a slice, whose first row is the chunk's `first`.
  __device__ void add_rows(const Batch::Slice& slice, int first, Layout::Sums& sums) const {
    const int lane = lane_index(), begin = warp_index() * Layout::kPart;
    const float(*rows)[Layout::kRowFloats] = &s_.chunk.row[first + begin];
    float h2[Layout::kPart], dz1[Layout::kPart];
#pragma unroll
    for (int r = 0; r < Layout::kPart; ++r) {
      h2[r] = slice[0][begin + r][lane];
      dz1[r] = slice[1][begin + r][lane];
      float dz2;
      if (policy()) {
        dz2 = slice[2][begin + r][lane];
      } else {
        const float gradient = rows[r][Layout::kOutputGradient];
        dz1[r] *= gradient;
        dz2 = h2[r] > 0 ? gradient : 0.0f;  // times w3, once, at the end
      }
      sums.b1 += dz1[r];
      sums.b2 += dz2;
      sums.loss += s_.chunk.loss[first + begin + r];
    }
#pragma unroll
    for (int k = 0; k < mlp::kMaxIn; k += 4) {
      if (k >= in_) break;
#pragma unroll
      for (int r = 0; r < Layout::kPart; ++r) {
        const Vector4 x = load<4>(&rows[r][k]);
#pragma unroll
        for (int i = 0; i < 4; ++i) sums.w1[k + i] = fmaf(dz1[r], x.v[i], sums.w1[k + i]);
      }
    }
#pragma unroll
    for (int o = 0; o < mlp::kMaxOut; o += 4) {
      if (o >= out_) break;
#pragma unroll
      for (int r = 0; r < Layout::kPart; ++r) {
        const Vector4 gradient = load<4>(&rows[r][Layout::kOutputGradient + o]);
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          sums.w3[o + i] = fmaf(gradient.v[i], h2[r], sums.w3[o + i]);
          sums.b3[o + i] += gradient.v[i];
        }
      }
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
  const int in_, out_, input_stride_, batch_, first_unit_;
  const NetworkScratch& scratch_;
  const RowLosses& rows_;
  Layout::Shared& s_;
};

}  // namespace sac::fused
