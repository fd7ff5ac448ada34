// mma.sync: a warp multiplies two small matrices on the tensor cores. What a lane holds of them is
// what the PTX manual says (g = lane / 4, t = lane % 4):
//
//   c [16 x 8]:         c[0], c[1] = row g, columns 2t, 2t + 1; c[2], c[3] = the same of row g + 8
//   tf32, a [16 x 8]:   a[0] = (g, t), a[1] = (g + 8, t), a[2] = (g, t + 4), a[3] = (g + 8, t + 4)
//         b [8 x 8]:    b[0] = (t, g), b[1] = (t + 4, g)
//   bf16, a [16 x 16]:  two neighbours k, k + 1 a register, k = 2t for a[0] (row g) and a[1] (g +
//   8),
//                       k = 2t + 8 for a[2] and a[3]; the lower half is the smaller k
//         b [16 x 8]:   b[0] = (2t, 2t + 1; g), b[1] = (2t + 8, 2t + 9; g)
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace sac {

inline constexpr int kMmaRows = 16, kMmaCols = 8;
inline constexpr int kMmaDepthTf32 = 8, kMmaDepthBf16 = 16;

#ifndef __CUDACC__
namespace mma_emulation {

struct Operands {
  float c[4];
  uint32_t a[4], b[2];
};

inline float as_float(uint32_t bits) {
  return __uint_as_float(bits);
}

/// The tensor cores do not look at the lower 13 bits of a tf32 operand.
struct Tf32 {
  static constexpr int kDepth = kMmaDepthTf32;
  static float value(uint32_t word, int) { return as_float(word & 0xffffe000u); }
  static int lane(int k) { return k % 4; }
  static int word(int k) { return k / 4; }
};

struct Bf16 {
  static constexpr int kDepth = kMmaDepthBf16;
  static float value(uint32_t word, int k) {
    return as_float(k % 2 == 0 ? word << 16 : word & 0xffff0000u);
  }
  static int lane(int k) { return k % 8 / 2; }
  static int word(int k) { return k / 8; }
};

/// c += a b for the whole warp.
template <class Kind>
void multiply(Operands* const* lanes) {
  for (int row = 0; row < kMmaRows; ++row) {
    for (int col = 0; col < kMmaCols; ++col) {
      float& sum = lanes[row % 8 * 4 + col / 2]->c[row / 8 * 2 + col % 2];
      for (int k = 0; k < Kind::kDepth; ++k) {
        const uint32_t a = lanes[row % 8 * 4 + Kind::lane(k)]->a[row / 8 + 2 * Kind::word(k)];
        const uint32_t b = lanes[col * 4 + Kind::lane(k)]->b[Kind::word(k)];
        sum += Kind::value(a, k) * Kind::value(b, k);
      }
    }
  }
}

template <class Kind>
void warp_multiply(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  Operands mine{{c[0], c[1], c[2], c[3]}, {a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
  simt::warp_apply(0xffffffffu, mine,
                   [](Operands* const* lanes, unsigned) { multiply<Kind>(lanes); });
  for (int i = 0; i < 4; ++i) c[i] = mine.c[i];
}

}  // namespace mma_emulation
#endif

/// c += a b, all 32 lanes together; operands are floats' bits, of which the upper 19 count.
__device__ inline void mma_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#ifdef __CUDACC__
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  mma_emulation::warp_multiply<mma_emulation::Tf32>(c, a, b);
#endif
}

/// c += a b, all 32 lanes together; operands are pairs of bf16.
__device__ inline void mma_bf16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#ifdef __CUDACC__
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  mma_emulation::warp_multiply<mma_emulation::Bf16>(c, a, b);
#endif
}

}  // namespace sac
