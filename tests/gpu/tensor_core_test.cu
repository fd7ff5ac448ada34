// The instructions of tensor_core.cuh: what they compute, with every element in the lane and
// register that the PTX manual gives it ("Matrix Fragments for mma.m16n8k8", "mma.m16n8k16",
// "ldmatrix"). On the emulator this tests the fallback, on a GPU the wrappers.
#include "kernels/gpu/tensor_core.cuh"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <vector>

#include "host/cuda/device_memory.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/shared_storage.cuh"

namespace sac {
namespace {

constexpr int kLanes = 32, kRows = 16, kCols = 8;  // of D

/// A lane's elements of C, then of D.
struct Sums {
  float v[4];
};

template <bool kTf32>
__global__ void mma_kernel(const MmaOperands* operands, Sums* sums) {
  const MmaOperands x = operands[threadIdx.x];
  Sums d = sums[threadIdx.x];
  kTf32 ? mma_tf32(x, d.v[0], d.v[1], d.v[2], d.v[3]) : mma_bf16(x, d.v[0], d.v[1], d.v[2], d.v[3]);
  sums[threadIdx.x] = d;
}

/// Four 8 x 8 matrices, their rows on 16-byte boundaries and not next to each other.
constexpr int kStride = 24;
struct SharedMatrices {
  alignas(16) uint16_t rows[kLanes * kStride];
};

template <bool kTransposed>
__global__ void load_kernel(const uint16_t* rows, Matrices* out) {
  SharedMatrices& shared = shared_storage<SharedMatrices>();
  for (unsigned i = threadIdx.x; i < kLanes * kStride; i += kLanes) shared.rows[i] = rows[i];
  __syncthreads();
  const uint16_t* mine = shared.rows + threadIdx.x * kStride;
  out[threadIdx.x] = kTransposed ? load_matrices_transposed(mine) : load_matrices(mine);
}

__global__ void tf32_kernel(const float* x, uint32_t* out) {
  out[threadIdx.x] = to_tf32(x[threadIdx.x]);
}

__global__ void bf16_kernel(const float* low, const float* high, uint32_t* out) {
  out[threadIdx.x] = to_bf16_pair(low[threadIdx.x], high[threadIdx.x]);
}

template <class Shared = NoShared, class... Parameters>
void run(void (*kernel)(Parameters...), int threads,
         std::type_identity_t<Parameters>... arguments) {
  launch<Shared>("tensor core", kernel, dim3(1), threads, nullptr, arguments...);
  check(cudaDeviceSynchronize(), "tensor core");
}

template <class T>
cuda::DeviceArray<T> on_device(const std::vector<T>& values) {
  cuda::DeviceArray<T> array(values.size());
  array.upload(values);
  return array;
}

/// Small whole numbers, exact in every format, different in every row and column.
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

/// `noise` goes into bits that a tf32 does not have.
MmaOperands tf32_operands(int g, int t, uint32_t noise) {
  return {{bits(a_of(g, t)) | noise, bits(a_of(g + 8, t)) | noise, bits(a_of(g, t + 4)) | noise,
           bits(a_of(g + 8, t + 4)) | noise},
          {bits(b_of(t, g)) | noise, bits(b_of(t + 4, g)) | noise}};
}

MmaOperands bf16_operands(int g, int t) {
  const auto a = [](int row, int k) { return pair(a_of(row, k), a_of(row, k + 1)); };
  const auto b = [](int k, int col) { return pair(b_of(k, col), b_of(k + 1, col)); };
  return {{a(g, 2 * t), a(g + 8, 2 * t), a(g, 2 * t + 8), a(g + 8, 2 * t + 8)},
          {b(2 * t, g), b(2 * t + 8, g)}};
}

/// D of one warp's mma as a [16, 8] matrix; operands(g, t) are those of lane 4 g + t.
template <class Operands>
std::vector<float> product(void (*kernel)(const MmaOperands*, Sums*), const Operands& operands) {
  std::vector<MmaOperands> all;
  std::vector<Sums> sums;
  for (int lane = 0; lane < kLanes; ++lane) {
    const int g = lane / 4, t = lane % 4;
    all.push_back(operands(g, t));
    sums.push_back(
        {{c_of(g, 2 * t), c_of(g, 2 * t + 1), c_of(g + 8, 2 * t), c_of(g + 8, 2 * t + 1)}});
  }
  const cuda::DeviceArray<MmaOperands> given = on_device(all);
  const cuda::DeviceArray<Sums> results = on_device(sums);
  run(kernel, kLanes, given.data(), results.data());
  std::vector<float> d(kRows * kCols);
  int lane = 0;
  for (const Sums& s : results.download()) {
    for (int i = 0; i < 4; ++i) {
      const int row = lane / 4 + i / 2 * 8, col = 2 * (lane % 4) + i % 2;
      d[static_cast<size_t>(row * kCols + col)] = s.v[i];
    }
    ++lane;
  }
  return d;
}

std::vector<float> plain_product(int depth) {
  std::vector<float> d;
  for (int row = 0; row < kRows; ++row) {
    for (int col = 0; col < kCols; ++col) {
      float sum = c_of(row, col);
      for (int k = 0; k < depth; ++k) sum += a_of(row, k) * b_of(k, col);
      d.push_back(sum);
    }
  }
  return d;
}

TEST(TensorCore, MultipliesTf32AndIgnoresTheLowerBits) {
  for (const uint32_t noise : {0u, 0x1fffu}) {
    EXPECT_EQ(product(mma_kernel<true>, [&](int g, int t) { return tf32_operands(g, t, noise); }),
              plain_product(8))
        << noise;
  }
}

TEST(TensorCore, MultipliesBf16) {
  EXPECT_EQ(product(mma_kernel<false>, bf16_operands), plain_product(16));
}

/// Element (row, column) of a matrix: no two are the same.
uint16_t element(int matrix, int row, int column) {
  return static_cast<uint16_t>(1000 * matrix + 10 * row + column + 1);
}

std::vector<Matrices> loaded(void (*kernel)(const uint16_t*, Matrices*)) {
  std::vector<uint16_t> rows(kLanes * kStride);
  for (int i = 0; i < kLanes; ++i) {
    for (int column = 0; column < 8; ++column) {
      rows[static_cast<size_t>(i * kStride + column)] = element(i / 8, i % 8, column);
    }
  }
  const cuda::DeviceArray<uint16_t> given = on_device(rows);
  const cuda::DeviceArray<Matrices> results(kLanes);
  run<SharedMatrices>(kernel, kLanes, given.data(), results.data());
  return results.download();
}

uint32_t pair_of(uint16_t low, uint16_t high) {
  return low | static_cast<uint32_t>(high) << 16;
}

TEST(TensorCore, LoadsMatrices) {
  const std::vector<Matrices> lanes = loaded(load_kernel<false>);
  for (int lane = 0; lane < kLanes; ++lane) {
    const int g = lane / 4, t = lane % 4;
    for (int m = 0; m < 4; ++m) {
      EXPECT_EQ(lanes[static_cast<size_t>(lane)].v[m],
                pair_of(element(m, g, 2 * t), element(m, g, 2 * t + 1)))
          << "lane " << lane << ", matrix " << m;
    }
  }
}

TEST(TensorCore, LoadsMatricesTransposed) {
  const std::vector<Matrices> lanes = loaded(load_kernel<true>);
  for (int lane = 0; lane < kLanes; ++lane) {
    const int g = lane / 4, t = lane % 4;
    for (int m = 0; m < 4; ++m) {
      EXPECT_EQ(lanes[static_cast<size_t>(lane)].v[m],
                pair_of(element(m, 2 * t, g), element(m, 2 * t + 1, g)))
          << "lane " << lane << ", matrix " << m;
    }
  }
}

TEST(TensorCore, RoundsToTf32WithTiesAwayFromZero) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x = {1 + 0x1p-10f,     1 + 0x1p-11f, -1 - 0x1p-11f,
                                1 + 0x1.ffcp-12f, 2 - 0x1p-12f, kInfinity};
  const std::vector<float> rounded = {1 + 0x1p-10f, 1 + 0x1p-10f, -1 - 0x1p-10f, 1, 2, kInfinity};
  const cuda::DeviceArray<float> given = on_device(x);
  const cuda::DeviceArray<uint32_t> results(x.size());
  run(tf32_kernel, static_cast<int>(x.size()), given.data(), results.data());
  for (size_t i = 0; i < x.size(); ++i) {
    // The bits below are ignored by the mma: only those that it reads have to be right.
    EXPECT_EQ(results.download()[i] & ~0x1fffu, bits(rounded[i])) << x[i];
  }
}

TEST(TensorCore, RoundsToBf16WithTiesToEven) {
  const std::vector<float> low = {1 + 0x1p-7f, 1 + 0x1p-8f, -1 - 0x1p-8f, 2 - 0x1p-9f};
  const std::vector<float> high = {-3, 1 + 0x1.8p-7f, 1 + 0x1.01p-8f, 0};
  const std::vector<uint32_t> rounded = {pair(1 + 0x1p-7f, -3), pair(1, 1 + 0x1p-6f),
                                         pair(-1, 1 + 0x1p-7f), pair(2, 0)};
  const cuda::DeviceArray<float> lows = on_device(low), highs = on_device(high);
  const cuda::DeviceArray<uint32_t> results(low.size());
  run(bf16_kernel, static_cast<int>(low.size()), lows.data(), highs.data(), results.data());
  EXPECT_EQ(results.download(), rounded);
}

}  // namespace
}  // namespace sac
