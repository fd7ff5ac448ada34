// What the tiles of all precisions have in common: a block's M rows of H activations, of which a
// warp owns 32 columns and a lane kThreadRows x kThreadCols elements.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/weight_ring.cuh"

namespace sac::mlp {

template <int H, int M, int kRowsOfLane, int kColsOfLane>
struct TileShape {
  static_assert(H % kWarpSize == 0, "a warp owns whole groups of hidden units");
  static_assert(M == 16 || M == 32, "a block owns 16 or 32 rows");

  static constexpr int kHidden = H;
  static constexpr int kRows = M;
  static constexpr int kThreadRows = kRowsOfLane, kThreadCols = kColsOfLane;
  static constexpr int kWarpCols = 32;
  static constexpr int kWarps = H / kWarpCols;
  static constexpr int kThreads = kWarps * kWarpSize;
  static_assert(kThreadRows * kThreadCols * kThreads == M * H, "every element has one owner");
};

/// The shared memory of a tile whose W2 streams through a ring of slices, and how that begins.
/// Rows of activations are kStride floats apart.
template <class Shape, int kStride, class Arrangement>
struct StreamedTile : Shape {
  static constexpr int kActivationStride = kStride;
  static constexpr int kStages = Shape::kRows == 16 ? 3 : 2;  ///< slices in the ring
  using Ring = WeightRing<Shape::kHidden, Shape::kThreads, kStages, Arrangement>;

  struct Shared {
    alignas(16) float activations[Shape::kRows * kActivationStride];
    typename Ring::Shared ring;
  };

  /// Starts bringing the network's W2. Nobody may be reading the ring.
  template <Direction direction>
  __device__ static void prefetch(Shared& s, const NetworkWeights& net) {
    Ring::template prefetch<direction>(s.ring, net.w2());
  }

  /// Starts bringing the W2 of the latest product again, for the same or the other direction.
  template <Direction direction>
  __device__ static void reuse(Shared& s, const NetworkWeights& net) {
    prefetch<direction>(s, net);
  }
};

}  // namespace sac::mlp
