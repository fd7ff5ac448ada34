// Forward pass of one network over a block's rows.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/network.cuh"

namespace sac::mlp {

/// max(x, 0), but NaN stays NaN: a diverged network must not look healthy.
__device__ inline float relu(float x) {
  return x < 0 ? 0 : x;
}

/// The tile's operand = h1 = relu(b1 + W1 input), in backward columns so that the mask stays where
/// backward_hidden wants it. input [M][kMaxIn] is in shared memory.
template <class Tile>
__device__ void first_layer(const Tile& tile, const float (*input)[kMaxIn],
                            const NetworkWeights& net, const RowStore& h1, Mask<Tile>& mask) {
  constexpr int kAtOnce = 4;  // columns of W1 whose loads overlap
  const typename Tile::template Place<Direction::backward> place;
  const float* w1 = net.w1() + place.col(0) * net.in();
  typename Tile::template Fragment<Direction::backward> acc;
#pragma unroll
  for (int c = 0; c < Tile::kThreadCols; ++c) {
    const float bias = net.b1()[place.col(c)];
#pragma unroll
    for (int t = 0; t < Tile::kThreadRows; ++t) acc.v[t][c] = bias;
  }
#pragma unroll 1
  for (int first = 0; first < net.in(); first += kAtOnce) {
    float w[kAtOnce][Tile::kThreadCols];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
#pragma unroll
      for (int c = 0; c < Tile::kThreadCols; ++c) {
        const int column = place.col(c) - place.col(0);
        w[i][c] = first + i < net.in() ? w1[column * net.in() + first + i] : 0;
      }
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      if (first + i >= net.in()) break;
#pragma unroll
      for (int t = 0; t < Tile::kThreadRows; ++t) {
        const float x = input[place.row(t)][first + i];
#pragma unroll
        for (int c = 0; c < Tile::kThreadCols; ++c) acc.v[t][c] = fmaf(x, w[i][c], acc.v[t][c]);
      }
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
  store_operand<Direction::backward>(tile, acc, h1);
}

/// Both hidden layers: on return the activations hold h2, visible to the whole block, and nobody
/// reads W2 any more. W2 was prefetched; the input is visible and nobody reads the activations. All
/// threads call. h1 and h2 also go to global memory where wanted.
template <class Tile>
__device__ Masks<Tile> forward_hidden(const Tile& tile, const float (*input)[kMaxIn],
                                      const NetworkWeights& net, const RowStore& h1,
                                      const RowStore& h2) {
  Masks<Tile> masks;
  first_layer<Tile>(tile, input, net, h1, masks.h1);
  // The sums begin with the bias: its way from memory is hidden by that of W2.
  typename Tile::template Fragment<Direction::forward> acc;
  {
    const typename Tile::template Place<Direction::forward> place;
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; ++c) {
      const float bias = net.b2()[place.col(c)];
#pragma unroll
      for (int t = 0; t < Tile::kThreadRows; ++t) acc.v[t][c] = bias;
    }
  }
  tile.template product<Direction::forward>(net, acc);
#pragma unroll
  for (int t = 0; t < Tile::kThreadRows; ++t) {
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; ++c) {
      masks.h2.set(t, c, acc.v[t][c] > 0);
      acc.v[t][c] = relu(acc.v[t][c]);
    }
  }
  store_activations<Direction::forward>(tile, acc, h2);
  __syncthreads();
  return masks;
}

/// output[row][first + o] = b3[o] + <h2, w3[o]>. Synchronises before it returns.
template <class Tile, int kWidth>
__device__ void head(const Tile& tile, const NetworkWeights& net, float (*output)[kWidth],
                     int first = 0) {
  row_products(
      tile, net.out(), [&net](int o, int j) { return net.w3()[o * Tile::kHidden + j]; },
      [&net, output, first](int row, int o, float sum) {
        output[row][first + o] = sum + net.b3()[o];
      });
  __syncthreads();
}

}  // namespace sac::mlp
