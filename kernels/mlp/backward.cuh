// Input gradients of one network over a block's rows.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/forward.cuh"

namespace sac::mlp {

/// From an output gradient to dz1: on return the activations hold dz1 = d loss / d (first layer's
/// sum), visible to the whole block, and nobody reads W2 any more. output_gradient(row, o) tells
/// the output's gradient; W2 was prefetched or turned, and nobody reads the activations. dz2 and
/// dz1 also go to global memory where wanted. All threads call.
template <class Tile, class OutputGradient>
__device__ void backward_hidden(const Tile& tile, const NetworkWeights& net,
                                const Masks<Tile>& masks, const OutputGradient& output_gradient,
                                const RowStore& dz2, const RowStore& dz1) {
  {
    const typename Tile::template Place<Direction::forward> place;
    typename Tile::template Fragment<Direction::forward> gradient = {};
    for (int o = 0; o < net.out(); ++o) {
      float w3[Tile::kThreadCols];
#pragma unroll
      for (int c = 0; c < Tile::kThreadCols; ++c) {
        w3[c] = net.w3()[o * Tile::kHidden + place.col(c)];
      }
#pragma unroll
      for (int t = 0; t < Tile::kThreadRows; ++t) {
        const float g = output_gradient(place.row(t), o);
#pragma unroll
        for (int c = 0; c < Tile::kThreadCols; ++c) {
          gradient.v[t][c] = fmaf(g, w3[c], gradient.v[t][c]);
        }
      }
    }
#pragma unroll
    for (int t = 0; t < Tile::kThreadRows; ++t) {
#pragma unroll
      for (int c = 0; c < Tile::kThreadCols; ++c) {
        if (!masks.h2.open(t, c)) gradient.v[t][c] = 0;
      }
    }
    store_operand<Direction::forward>(tile, gradient, dz2);
  }
  typename Tile::template Fragment<Direction::backward> acc = {};
  tile.template product<Direction::backward>(net, acc);
#pragma unroll
  for (int t = 0; t < Tile::kThreadRows; ++t) {
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; ++c) {
      if (!masks.h1.open(t, c)) acc.v[t][c] = 0;
    }
  }
  store_activations<Direction::backward>(tile, acc, dz1);
  __syncthreads();
}

}  // namespace sac::mlp
