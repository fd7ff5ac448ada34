// What the tiles of all precisions have in common: a block's M rows of H activations, of which a
// warp owns 32 columns and a lane kThreadRows x kThreadCols elements.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/occupancy.h"
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

/// What a tile whose W2 streams through a ring of slices holds in shared memory, and how that
/// begins. Rows of activations are kStride floats apart.
template <class Shape, int kStride, class Arrangement>
class StreamedTile : public Shape {
 public:
  static constexpr int kActivationStride = kStride;

  struct Shared {
    alignas(16) float activations[Shape::kRows * kActivationStride];
  };

 private:
  static constexpr size_t kOthers = 8 * 1024;  ///< what a kernel keeps beside tile and ring
  static constexpr size_t kSlotBytes = sizeof(float) * 16 * Arrangement::kBackwardStride;

 public:
  using Ring =
      WeightRing<Shape::kHidden, (kSharedBytesAtMost - sizeof(Shared) - kOthers) / kSlotBytes,
                 Arrangement>;

  /// The ring's share of the block's shared memory, after the kernel's own.
  static constexpr size_t ring_bytes(bool deep) { return Ring::bytes(deep); }

  /// `stays`: one W2 is multiplied again and again.
  __device__ StreamedTile(Shared& s, float* ring, bool deep, bool stays = false)
      : activations_(s.activations), ring_(ring, deep, stays) {}

  /// [kRows][kActivationStride] in shared memory.
  __device__ float* activations() const { return activations_; }

  /// Starts bringing the network's W2. Nobody may be reading the ring.
  template <Direction direction>
  __device__ void prefetch(const NetworkWeights& net) const {
    ring_.template prefetch<direction>(Arrangement::w2(net), false);
  }

  /// Starts bringing the W2 of the latest product again, for the other direction or, where it
  /// stays, for the same.
  template <Direction direction>
  __device__ void reuse(const NetworkWeights& net) const {
    ring_.template prefetch<direction>(Arrangement::w2(net), true);
  }

 protected:
  float* const activations_;
  const Ring ring_;
};

}  // namespace sac::mlp
