// Tensor-core instructions as thin wrappers (PTX ISA, "mma", "ldmatrix", "cvt"): operands of fewer
// bits than fp32, sums in fp32. A compiler other than nvcc gets what they compute from
// tensor_core_fallback.h. All lanes of a warp call together.
//
// With g = lane / 4 and t = lane % 4 a lane holds of D [16, 8] = A [16, k] B [k, 8] + C:
//
//   C, D          (g, 2t) (g, 2t + 1) (g + 8, 2t) (g + 8, 2t + 1)
//   tf32, k = 8   A (g, t) (g + 8, t) (g, t + 4) (g + 8, t + 4)     B (t, g) (t + 4, g)
//   bf16, k = 16  the same with a pair for each: 2t and 2t + 1 for t, 2t + 8 and 2t + 9 for t + 4;
//                 the first of a pair is in the lower half of its register
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/gpu/lanes.cuh"

namespace sac {

/// Four registers of a lane, one for each 8 x 8 matrix.
struct Matrices {
  uint32_t v[4];
};

/// A lane's part of A and B.
struct MmaOperands {
  uint32_t a[4];
  uint32_t b[2];
};

}  // namespace sac

#ifndef __CUDACC__
#include "kernels/gpu/tensor_core_fallback.h"
#endif

namespace sac {

/// x rounded to tf32 (10 bits of fraction, ties away from zero), as a register of an operand.
__device__ inline uint32_t to_tf32(float x) {
#ifdef __CUDACC__
  uint32_t rounded;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(x));
  return rounded;
#else
  return fallback::to_tf32(x);
#endif
}

/// Four neighbours, which stay floats.
__device__ inline Vector4 to_tf32(const Vector4& x) {
  Vector4 rounded;
#pragma unroll
  for (int i = 0; i < 4; ++i) rounded.v[i] = __uint_as_float(to_tf32(x.v[i]));
  return rounded;
}

/// Two numbers rounded to bf16 (7 bits of fraction, ties to even), `low` in the lower half.
__device__ inline uint32_t to_bf16_pair(float low, float high) {
#ifdef __CUDACC__
  uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
#else
  return to_bf16(low) | static_cast<uint32_t>(to_bf16(high)) << 16;
#endif
}

/// Four neighbours rounded to bf16: one 8-byte store.
__device__ inline void store_bf16(uint16_t* to, const Vector4& x) {
  const Words<2> pairs = {__uint_as_float(to_bf16_pair(x.v[0], x.v[1])),
                          __uint_as_float(to_bf16_pair(x.v[2], x.v[3]))};
  store(reinterpret_cast<float*>(to), pairs);
}

/// Four 8 x 8 matrices of 16-bit elements from shared memory: lane l points at row l % 8 of matrix
/// l / 8, 16 bytes on a 16-byte boundary, and gets of each matrix the elements 2t and 2t + 1 of row
/// g. Read as 32-bit elements, 8 x 4 matrices: element t of row g.
__device__ inline Matrices load_matrices(const void* row) {
#ifdef __CUDACC__
  Matrices m;
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(m.v[0]), "=r"(m.v[1]), "=r"(m.v[2]), "=r"(m.v[3])
               : "r"(address)
               : "memory");
  return m;
#else
  return fallback::load_matrices(row);
#endif
}

/// The same, transposed: a lane gets of each matrix the elements of rows 2t and 2t + 1 in column g.
__device__ inline Matrices load_matrices_transposed(const void* row) {
#ifdef __CUDACC__
  Matrices m;
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(m.v[0]), "=r"(m.v[1]), "=r"(m.v[2]), "=r"(m.v[3])
               : "r"(address)
               : "memory");
  return m;
#else
  return fallback::load_matrices_transposed(row);
#endif
}

/// D = A B + C of tf32 numbers, in place; d0 .. d3 are the lane's elements in the order above. The
/// hardware ignores the 13 bits that tf32 does not have.
__device__ inline void mma_tf32(const MmaOperands& x, float& d0, float& d1, float& d2, float& d3) {
#ifdef __CUDACC__
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d0), "+f"(d1), "+f"(d2), "+f"(d3)
      : "r"(x.a[0]), "r"(x.a[1]), "r"(x.a[2]), "r"(x.a[3]), "r"(x.b[0]), "r"(x.b[1]));
#else
  fallback::mma_tf32(x, d0, d1, d2, d3);
#endif
}

/// D = A B + C of bf16 numbers, in place.
__device__ inline void mma_bf16(const MmaOperands& x, float& d0, float& d1, float& d2, float& d3) {
#ifdef __CUDACC__
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d0), "+f"(d1), "+f"(d2), "+f"(d3)
      : "r"(x.a[0]), "r"(x.a[1]), "r"(x.a[2]), "r"(x.a[3]), "r"(x.b[0]), "r"(x.b[1]));
#else
  fallback::mma_bf16(x, d0, d1, d2, d3);
#endif
}

}  // namespace sac
