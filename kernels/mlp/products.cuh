// Which code multiplies in which precision.
#pragma once

#include "kernels/mlp/outer_bf16.cuh"
#include "kernels/mlp/outer_fp32.cuh"
#include "kernels/mlp/outer_tf32.cuh"
#include "kernels/mlp/tile_bf16.cuh"
#include "kernels/mlp/tile_fp32.cuh"
#include "kernels/mlp/tile_tf32.cuh"
#include "kernels/precision.h"

namespace sac::mlp {

template <Precision P>
struct Products;

template <>
struct Products<Precision::fp32> {
  template <int H, int M>
  using Tile = TileFp32<H, M>;
  using Outer = OuterFp32;
};

template <>
struct Products<Precision::tf32> {
  template <int H, int M>
  using Tile = TileTf32<H, M>;
  using Outer = OuterTf32;
};

template <>
struct Products<Precision::bf16> {
  template <int H, int M>
  using Tile = TileBf16<H, M>;
  using Outer = OuterBf16;
};

}  // namespace sac::mlp
