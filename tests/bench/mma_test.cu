// The layer's mma.sync against a plain product, with the fragments loaded as the PTX manual has
// them.
#include "kernels/mma.cuh"

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "host/cuda/device_memory.h"
#include "kernels/launcher.cuh"

namespace sac {
namespace {

constexpr int kM = kMmaRows, kN = kMmaCols;

/// Small whole numbers, exact in every format, different everywhere.
float a_of(int row, int k) {
  return static_cast<float>((row * 7 + k * 3) % 11 - 5);
}
float b_of(int k, int col) {
  return static_cast<float>((k * 5 + col * 2) % 13 - 6);
}
float c_of(int row, int col) {
  return static_cast<float>(row - 2 * col);
}

uint32_t bits(float x) {
  return std::bit_cast<uint32_t>(x);
}
/// Two whole numbers as bf16, the first in the lower half.
uint32_t pair(float low, float high) {
  return bits(low) >> 16 | (bits(high) & 0xffff0000u);
}

void load_c(int g, int t, float (&c)[4]) {
  for (int i = 0; i < 4; ++i) c[i] = c_of(g + i / 2 * 8, 2 * t + i % 2);
}

void store_c(int g, int t, const float (&c)[4], float* out) {
  for (int i = 0; i < 4; ++i) out[(g + i / 2 * 8) * kN + 2 * t + i % 2] = c[i];
}

/// `noise` goes into bits that a tf32 does not have.
__global__ void tf32_kernel(float* out, uint32_t noise) {
  const int g = static_cast<int>(threadIdx.x) / 4, t = static_cast<int>(threadIdx.x) % 4;
  const uint32_t a[4] = {bits(a_of(g, t)) | noise, bits(a_of(g + 8, t)) | noise,
                         bits(a_of(g, t + 4)) | noise, bits(a_of(g + 8, t + 4)) | noise};
  const uint32_t b[2] = {bits(b_of(t, g)) | noise, bits(b_of(t + 4, g)) | noise};
  float c[4];
  load_c(g, t, c);
  mma_tf32(c, a, b);
  store_c(g, t, c, out);
}

__global__ void bf16_kernel(float* out) {
  const int g = static_cast<int>(threadIdx.x) / 4, t = static_cast<int>(threadIdx.x) % 4;
  const auto a_pair = [](int row, int k) { return pair(a_of(row, k), a_of(row, k + 1)); };
  const auto b_pair = [](int k, int col) { return pair(b_of(k, col), b_of(k + 1, col)); };
  const uint32_t a[4] = {a_pair(g, 2 * t), a_pair(g + 8, 2 * t), a_pair(g, 2 * t + 8),
                         a_pair(g + 8, 2 * t + 8)};
  const uint32_t b[2] = {b_pair(2 * t, g), b_pair(2 * t + 8, g)};
  float c[4];
  load_c(g, t, c);
  mma_bf16(c, a, b);
  store_c(g, t, c, out);
}

std::vector<float> plain_product(int depth) {
  std::vector<float> c(kM * kN);
  for (int row = 0; row < kM; ++row) {
    for (int col = 0; col < kN; ++col) {
      float& sum = c[static_cast<size_t>(row * kN + col)];
      sum = c_of(row, col);
      for (int k = 0; k < depth; ++k) sum += a_of(row, k) * b_of(k, col);
    }
  }
  return c;
}

template <class... Parameters>
void run(void (*kernel)(Parameters...), std::type_identity_t<Parameters>... arguments) {
  launch<NoShared>("mma", kernel, dim3(1), 32, nullptr, arguments...);
  check(cudaDeviceSynchronize(), "mma");
}

TEST(Mma, Tf32MultipliesAndIgnoresTheLowerBits) {
  const DeviceArray<float> out(kM * kN);
  run(tf32_kernel, out.data(), 0);
  EXPECT_EQ(out.download(), plain_product(kMmaDepthTf32));
  run(tf32_kernel, out.data(), 0x1fff);
  EXPECT_EQ(out.download(), plain_product(kMmaDepthTf32));
}

TEST(Mma, Bf16Multiplies) {
  const DeviceArray<float> out(kM * kN);
  run(bf16_kernel, out.data());
  EXPECT_EQ(out.download(), plain_product(kMmaDepthBf16));
}

}  // namespace
}  // namespace sac
