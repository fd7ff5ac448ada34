// Forward pass of one network over a block's rows.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/network.cuh"

namespace sac::mlp {

/// max(x, 0), but NaN stays NaN: a diverged network must not look healthy.
__device__ inline float relu(float x) {
  return x < 0 ? 0 : x;
}

/// activations = h1 = relu(b1 + W1 input), in backward columns so that the mask stays where
/// backward_hidden wants it. input [M][kMaxIn] is in shared memory.
template <class Tile>
__device__ void first_layer(typename Tile::Shared& s, const float (*input)[kMaxIn],
                            const NetworkWeights& net, const RowStore& h1, Mask<Tile>& mask) {
  const typename Tile::template Place<Direction::backward> place;
  typename Tile::template Fragment<Direction::backward> acc;
#pragma unroll
  for (int c = 0; c < Tile::kThreadCols; ++c) {
    const float bias = net.b1()[place.col(c)];
#pragma unroll
    for (int t = 0; t < Tile::kThreadRows; ++t) acc.v[t][c] = bias;
  }
#pragma unroll 1
  for (int k = 0; k < net.in(); ++k) {
    float x[Tile::kThreadRows];
#pragma unroll
    for (int t = 0; t < Tile::kThreadRows; ++t) x[t] = input[place.row(t)][k];
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; ++c) {
      const float w = net.w1()[place.col(c) * net.in() + k];
#pragma unroll
      for (int t = 0; t < Tile::kThreadRows; ++t) acc.v[t][c] = fmaf(x[t], w, acc.v[t][c]);
    }
  }
#pragma unroll
  for (int t = 0; t < Tile::kThreadRows; ++t) {
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; ++c) {
      mask.set(t, c, acc.v[t][c] > 0);
      acc.v[t][c] = relu(acc.v[t][c]);
    }
  }
  store_fragment<Tile, Direction::backward>(acc, s.activations, h1);
}

/// Both hidden layers: on return the activations hold h2, visible to the whole block, and nobody
/// reads W2 any more. W2 was prefetched; the input is visible and nobody reads the activations. All
/// threads call. h1 and h2 also go to global memory where wanted.
template <class Tile>
__device__ Masks<Tile> forward_hidden(typename Tile::Shared& s, const float (*input)[kMaxIn],
                                      const NetworkWeights& net, const RowStore& h1,
                                      const RowStore& h2) {
  Masks<Tile> masks;
  first_layer<Tile>(s, input, net, h1, masks.h1);
  typename Tile::template Fragment<Direction::forward> acc;
  Tile::template product<Direction::forward>(s, net, acc);
  const typename Tile::template Place<Direction::forward> place;
#pragma unroll
  for (int c = 0; c < Tile::kThreadCols; ++c) {
    const float bias = net.b2()[place.col(c)];
#pragma unroll
    for (int t = 0; t < Tile::kThreadRows; ++t) {
      const float z = acc.v[t][c] + bias;
      masks.h2.set(t, c, z > 0);
      acc.v[t][c] = relu(z);
    }
  }
  store_fragment<Tile, Direction::forward>(acc, s.activations, h2);
  __syncthreads();
  return masks;
}

/// output[row][o] = b3[o] + <h2, w3[o]>. Synchronises before it returns.
template <class Tile, int kWidth>
__device__ void head(const typename Tile::Shared& s, const NetworkWeights& net,
                     float (*output)[kWidth]) {
  row_products<Tile>(
      s.activations, net.out(), [&net](int o, int j) { return net.w3()[o * Tile::kHidden + j]; },
      [&net, output](int row, int o, float sum) { output[row][o] = sum + net.b3()[o]; });
  __syncthreads();
}

}  // namespace sac::mlp
