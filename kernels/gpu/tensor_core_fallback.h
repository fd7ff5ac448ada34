// What the instructions of tensor_core.cuh compute, for compilers other than nvcc: the placement of
// elements in lanes is the PTX manual's, the sums are plain. A tensor core adds in an order of its
// own and truncates on the way, so the last bits differ from hardware. Included by tensor_core.cuh
// alone.
#pragma once

#include <cuda_runtime.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/bf16.h"
#include "kernels/gpu/lanes.cuh"

namespace sac::fallback {

inline uint32_t to_tf32(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const bool finite = (bits & 0x7f800000u) != 0x7f800000u;
  return finite ? (bits + 0x1000u) & ~0x1fffu : bits;
}

/// A lane's part in ldmatrix: the row that it reads for all, and what it gets.
struct MatrixExchange {
  Words<4> row;
  Matrices result;

  uint32_t word(int i) const { return std::bit_cast<uint32_t>(row.v[i]); }
  uint32_t half(int i) const { return word(i / 2) >> (i % 2 * 16) & 0xffffu; }
};

inline Matrices load_matrices(const void* row) {
  MatrixExchange mine{load<4>(static_cast<const float*>(row)), {}};
  const auto exchange = [](MatrixExchange* const* lanes, unsigned) {
    for (int i = 0; i < kWarpSize; ++i) {
      for (int m = 0; m < 4; ++m) lanes[i]->result.v[m] = lanes[8 * m + i / 4]->word(i % 4);
    }
  };
  simt::warp_apply(0xffffffffu, mine, exchange, "ldmatrix");
  return mine.result;
}

inline Matrices load_matrices_transposed(const void* row) {
  MatrixExchange mine{load<4>(static_cast<const float*>(row)), {}};
  const auto exchange = [](MatrixExchange* const* lanes, unsigned) {
    for (int i = 0; i < kWarpSize; ++i) {
      for (int m = 0; m < 4; ++m) {
        const MatrixExchange* const* rows = lanes + 8 * m + i % 4 * 2;
        lanes[i]->result.v[m] = rows[0]->half(i / 4) | rows[1]->half(i / 4) << 16;
      }
    }
  };
  simt::warp_apply(0xffffffffu, mine, exchange, "ldmatrix.trans");
  return mine.result;
}

/// A lane's part in mma.
struct MmaExchange {
  MmaOperands x;
  float sum[4];
};

/// D = A B + C of one warp; a(row, k) and b(k, column) give the operands' elements.
template <int kDepth, class A, class B>
void multiply_accumulate(MmaExchange* const* lanes, const A& a, const B& b) {
  float right[kDepth][8];
  for (int k = 0; k < kDepth; ++k) {
    for (int column = 0; column < 8; ++column) right[k][column] = b(k, column);
  }
  for (int row = 0; row < 16; ++row) {
    const auto place = [&](int column) -> float& {
      return lanes[row % 8 * 4 + column / 2]->sum[row / 8 * 2 + column % 2];
    };
    float sum[8];
    for (int column = 0; column < 8; ++column) sum[column] = place(column);
    for (int k = 0; k < kDepth; ++k) {
      const float left = a(row, k);
      for (int column = 0; column < 8; ++column) {
        sum[column] = std::fma(left, right[k][column], sum[column]);
      }
    }
    for (int column = 0; column < 8; ++column) place(column) = sum[column];
  }
}

/// Deposits this lane's part, lets one lane run `multiply` for all, and takes the sums back.
template <class Multiply>
void mma(const MmaOperands& x, float& d0, float& d1, float& d2, float& d3, const Multiply& multiply,
         const char* name) {
  MmaExchange mine{x, {d0, d1, d2, d3}};
  simt::warp_apply(0xffffffffu, mine, multiply, name);
  d0 = mine.sum[0];
  d1 = mine.sum[1];
  d2 = mine.sum[2];
  d3 = mine.sum[3];
}

inline void mma_tf32(const MmaOperands& x, float& d0, float& d1, float& d2, float& d3) {
  const auto multiply = [](MmaExchange* const* lanes, unsigned) {
    const auto number = [](uint32_t bits) { return std::bit_cast<float>(bits & ~0x1fffu); };
    multiply_accumulate<8>(
        lanes,
        [&](int row, int k) {
          return number(lanes[row % 8 * 4 + k % 4]->x.a[k / 4 * 2 + row / 8]);
        },
        [&](int k, int column) { return number(lanes[column * 4 + k % 4]->x.b[k / 4]); });
  };
  mma(x, d0, d1, d2, d3, multiply, "mma.m16n8k8.tf32");
}

inline void mma_bf16(const MmaOperands& x, float& d0, float& d1, float& d2, float& d3) {
  const auto multiply = [](MmaExchange* const* lanes, unsigned) {
    const auto number = [](uint32_t pair, int k) {
      return std::bit_cast<float>(k % 2 == 0 ? pair << 16 : pair & 0xffff0000u);
    };
    multiply_accumulate<16>(
        lanes,
        [&](int row, int k) {
          return number(lanes[row % 8 * 4 + k % 8 / 2]->x.a[k / 8 * 2 + row / 8], k);
        },
        [&](int k, int column) { return number(lanes[column * 4 + k % 8 / 2]->x.b[k / 8], k); });
  };
  mma(x, d0, d1, d2, d3, multiply, "mma.m16n8k16.bf16");
}

}  // namespace sac::fallback
