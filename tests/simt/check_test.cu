// The planted bugs. Each kernel is written once, with the bug as a template argument: with it the
// emulator must report exactly that, without it nothing. Where the tests are built with
// AddressSanitizer, kernels are not checked access by access; what that leaves is tested instead.
#include <cmath>
#include <optional>
#include <set>

#include "launch_fixture.h"

namespace {

using simt::Finding;
using simt::Order;

class CheckTest : public SimtTest {
 protected:
  /// Runs in every order. A correct kernel succeeds; with the bug, checked kernels give the
  /// finding.
  template <class... Arguments>
  void expect(std::optional<Finding> finding, void (*kernel)(Arguments...), dim3 grid, dim3 block,
              size_t shared_bytes, Arguments... arguments) {
    for (Order order : {Order::forward, Order::reverse, Order::random}) {
      simt::reset();
      simt::set_options({.threads = order, .blocks = order, .seed = 7});
      const cudaError_t error = run(kernel, grid, block, shared_bytes, arguments...);
      if (!finding) {
        EXPECT_EQ(error, cudaSuccess);
        EXPECT_TRUE(findings().empty());
      } else if (simt::checked()) {
        EXPECT_NE(error, cudaSuccess);
        ASSERT_FALSE(findings().empty());
        for (Finding found : findings()) EXPECT_EQ(found, *finding);
      }
    }
    simt::reset();
  }

  static std::set<Finding> kinds() {
    const std::vector<Finding> found = findings();
    return {found.begin(), found.end()};
  }
};

template <bool kBarrier>
__global__ void mirror(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  shared[threadIdx.x] = static_cast<float>(threadIdx.x);
  if (kBarrier) __syncthreads();
  out[threadIdx.x] = shared[threadIdx.x ^ 1];
}

TEST_F(CheckTest, MissingBarrier) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, mirror<true>, 1, 64, 256, out.get());
  // Whichever lane of a pair runs first reads what nobody wrote; the other one races.
  simt::reset();
  run(mirror<false>, 1, 64, 256, out.get());
  if (simt::checked()) {
    EXPECT_EQ(kinds(), (std::set{Finding::uninitialised_read, Finding::race}));
  }
}

template <bool kBarrier>
__global__ void reuse(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  shared[threadIdx.x] = 1.0f;
  __syncthreads();
  const float sum = shared[threadIdx.x] + shared[(threadIdx.x + 40) % 64];
  if (kBarrier) __syncthreads();
  shared[threadIdx.x] = sum;  // while another thread may still read
  __syncthreads();
  out[threadIdx.x] = shared[0];
}

TEST_F(CheckTest, WriteWhileOthersRead) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, reuse<true>, 1, 64, 256, out.get());
  expect(Finding::race, reuse<false>, 1, 64, 256, out.get());
}

template <bool kOneWriter>
__global__ void announce(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  if (!kOneWriter || threadIdx.x == 0) shared[0] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = shared[0];
}

TEST_F(CheckTest, SeveralWriters) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, announce<true>, 1, 64, 4, out.get());
  expect(Finding::race, announce<false>, 1, 64, 4, out.get());
}

/// The warp-level exchange that needs __syncwarp and no more.
template <bool kBefore, bool kAfter>
__global__ void warp_exchange(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  float value = static_cast<float>(threadIdx.x);
  for (int round = 0; round < 3; ++round) {
    shared[threadIdx.x] = value;
    if (kBefore) __syncwarp();
    float sum = 0;
    for (unsigned lane = 0; lane < 32; ++lane) sum += shared[threadIdx.x / 32 * 32 + lane];
    if (kAfter) __syncwarp();
    value = sum;
  }
  out[threadIdx.x] = value;
}

TEST_F(CheckTest, WarpBarriersOrderTheirWarp) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, warp_exchange<true, true>, 1, 64, 256, out.get());
  expect(Finding::race, warp_exchange<true, false>, 1, 64, 256, out.get());
}

template <bool kBlockBarrier>
__global__ void read_then_write(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  if (threadIdx.x == 0) shared[0] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = shared[0];
  if (kBlockBarrier) {
    __syncthreads();
  } else {
    __syncwarp();
  }
  if (threadIdx.x == 0) shared[0] = 2.0f;
}

TEST_F(CheckTest, WarpBarriersDoNotOrderOtherWarps) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, read_then_write<true>, 1, 64, 4, out.get());
  expect(Finding::race, read_then_write<false>, 1, 64, 4, out.get());
}

/// Lanes 0-15 and 16-31 pair up by masks; the last step crosses the halves without a barrier.
template <bool kJoin>
__global__ void half_barriers(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  const unsigned lane = threadIdx.x;
  shared[lane] = 1.0f;
  __syncwarp(lane < 16 ? 0x0000ffffu : 0xffff0000u);
  out[lane] = shared[lane ^ 1];
  if (kJoin) __syncwarp();
  out[lane] += shared[lane ^ 16];
}

TEST_F(CheckTest, WarpBarriersOrderOnlyTheirMask) {
  const DeviceArray<float> out(32);
  expect(std::nullopt, half_barriers<true>, 1, 32, 128, out.get());
  simt::reset();
  run(half_barriers<false>, 1, 32, 128, out.get());
  if (simt::checked()) {
    EXPECT_EQ(findings().back(), Finding::race);
  }
}

template <bool kOwnSlot>
__global__ void block_results(float* out) {
  if (threadIdx.x == 0) out[kOwnSlot ? blockIdx.x : blockIdx.x / 2] = 1.0f;
}

TEST_F(CheckTest, BlocksThatWriteTheSame) {
  const DeviceArray<float> out(8);
  expect(std::nullopt, block_results<true>, 8, 32, 0, out.get());
  expect(Finding::race, block_results<false>, 8, 32, 0, out.get());
}

template <bool kInPlace>
__global__ void shift(const float* in, float* out) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned n = gridDim.x * blockDim.x;
  (kInPlace ? const_cast<float*>(in) : out)[i] = in[(i + blockDim.x) % n];
}

TEST_F(CheckTest, BlocksThatReadWhatAnotherWrites) {
  const DeviceArray<float> in(std::vector<float>(64, 1.0f)), out(64);
  expect(std::nullopt, shift<false>, 4, 16, 0, static_cast<const float*>(in.get()), out.get());
  expect(Finding::race, shift<true>, 4, 16, 0, static_cast<const float*>(in.get()), out.get());
}

template <bool kWrite>
__global__ void last_block_writes(float* value, float* out) {
  const float read = *value;
  __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = read;
  if (kWrite && blockIdx.x == gridDim.x - 1 && threadIdx.x == 0) *value = 2.0f;
}

TEST_F(CheckTest, ABlockThatWritesWhatItAndOthersRead) {
  const DeviceArray<float> value(std::vector<float>{1.0f}), out(3 * 64);
  expect(std::nullopt, last_block_writes<false>, 3, 64, 0, value.get(), out.get());
  expect(Finding::race, last_block_writes<true>, 3, 64, 0, value.get(), out.get());
}

__global__ void increment(int* count) {
  atomicAdd(count, 1);
}
__global__ void increment_and_look(int* count) {
  if (threadIdx.x == 0) {
    atomicAdd(count, 1);
  } else {
    *count = 0;
  }
}

TEST_F(CheckTest, AtomicsRaceWithPlainAccessesOnly) {
  const DeviceArray<int> count(std::vector<int>{0});
  expect(std::nullopt, increment, 3, 64, 0, count.get());
  EXPECT_EQ(count.values()[0], 3 * 3 * 64);
  expect(Finding::race, increment_and_look, 1, 2, 0, count.get());
}

/// Neighbouring halves of a word belong to different threads: that is no race. The vote makes all
/// lanes read before the first one writes.
__global__ void halve_words(unsigned short* values) {
  const int value = values[threadIdx.x];
  const int divisor = __any_sync(~0u, value > 0) ? 2 : 1;
  values[threadIdx.x] = static_cast<unsigned short>(value / divisor);
}

TEST_F(CheckTest, PartsOfAWordAreApart) {
  const DeviceArray<unsigned short> values(std::vector<unsigned short>(64, 8));
  expect(std::nullopt, halve_words, 1, 64, 0, values.get());
  EXPECT_EQ(values.values(), std::vector<unsigned short>(64, 1));
}

template <int kCount>
__global__ void sum_first(const float* in, float* out) {
  float sum = 0;
  for (int i = 0; i < kCount; ++i) sum += in[i];
  out[0] = sum;
}

TEST_F(CheckTest, UninitialisedDeviceMemory) {
  const DeviceArray<float> in(10), out(1);
  const std::vector<float> ones(8, 1.0f);
  cudaMemcpy(in.get(), ones.data(), 8 * sizeof(float), cudaMemcpyHostToDevice);
  expect(std::nullopt, sum_first<8>, 1, 1, 0, static_cast<const float*>(in.get()), out.get());
  expect(Finding::uninitialised_read, sum_first<9>, 1, 1, 0, static_cast<const float*>(in.get()),
         out.get());
  run(sum_first<9>, 1, 1, 0, in.get(), out.get());
  simt::reset();
  EXPECT_TRUE(std::isnan(out.values()[0]));
}

TEST_F(CheckTest, CopiesCarryInitialisation) {
  const DeviceArray<float> in(10), copy(10), out(1);
  cudaMemset(in.get(), 0, 8 * sizeof(float));
  cudaMemcpy(copy.get(), in.get(), 10 * sizeof(float), cudaMemcpyDeviceToDevice);
  expect(std::nullopt, sum_first<8>, 1, 1, 0, static_cast<const float*>(copy.get()), out.get());
  expect(Finding::uninitialised_read, sum_first<9>, 1, 1, 0, static_cast<const float*>(copy.get()),
         out.get());
}

template <bool kWriteAlways>
__global__ void keep_shared(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  if (kWriteAlways || blockIdx.x == 0) shared[threadIdx.x] = 1.0f;
  out[blockIdx.x * blockDim.x + threadIdx.x] = shared[threadIdx.x];
}

TEST_F(CheckTest, NothingIsLeftInSharedMemoryBetweenBlocks) {
  const DeviceArray<float> out(64);
  expect(std::nullopt, keep_shared<true>, 2, 32, 128, out.get());
  expect(Finding::uninitialised_read, keep_shared<false>, 2, 32, 128, out.get());
  run(keep_shared<false>, 2, 32, 128, out.get());
  simt::reset();
  EXPECT_TRUE(std::isnan(out.values()[63]));
}

__global__ void read_at(const float* in, int index, float* out) {
  out[0] = in[index];
}
__global__ void write_at(float* out, int index) {
  out[index] = 1.0f;
}
__global__ void write_shared_at(int index) {
  static_cast<float*>(simt::dynamic_shared())[index] = 1.0f;
}

/// Expects the finding, or AddressSanitizer's end of the program.
template <class F>
void expect_out_of_bounds(F&& launch) {
  if (simt::checked()) {
    EXPECT_EQ(launch(), cudaErrorIllegalAddress);
    EXPECT_EQ(simt::reports().at(0).finding, Finding::out_of_bounds);
    simt::reset();
  } else {
    EXPECT_DEATH(launch(), "AddressSanitizer|null pointer");
  }
}

TEST_F(CheckTest, OutOfBounds) {
  const DeviceArray<float> in(std::vector<float>(10, 1.0f)), out(1), other(7);
  EXPECT_EQ(run(read_at, 1, 1, 0, in.get(), 9, out.get()), cudaSuccess);
  for (int index : {10, -1, 1000, -10000}) {
    expect_out_of_bounds([&] { return run(read_at, 1, 1, 0, in.get(), index, out.get()); });
  }
  EXPECT_EQ(run(write_at, 1, 1, 0, other.get(), 6), cudaSuccess);
  expect_out_of_bounds([&] { return run(write_at, 1, 1, 0, other.get(), 7); });
  expect_out_of_bounds([&] { return run(write_at, 1, 1, 0, nullptr, 0); });
  EXPECT_EQ(run(write_shared_at, 1, 1, 20, 4), cudaSuccess);
  expect_out_of_bounds([&] { return run(write_shared_at, 1, 1, 20, 5); });
  expect_out_of_bounds([&] { return run(write_shared_at, 1, 1, 20, -1); });
}

TEST_F(CheckTest, FreedMemory) {
  float* freed = nullptr;
  cudaMalloc(&freed, 64);
  cudaFree(freed);
  expect_out_of_bounds([&] { return run(write_at, 1, 1, 0, freed, 0); });
}

TEST_F(CheckTest, HostMemoryIsNotDeviceMemory) {
  if (!simt::checked()) return;  // an ordinary access to the CPU
  std::vector<float> host(4, 1.0f);
  EXPECT_EQ(run(write_at, 1, 1, 0, host.data(), 1), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
  simt::reset();
  static float variable = 0;  // constants of the program may be read, but nothing of it written
  EXPECT_EQ(run(write_at, 1, 1, 0, &variable, 0), cudaErrorIllegalAddress);
}

__global__ void read_vector(const float* in, int index, float* out) {
  const float4 four = *reinterpret_cast<const float4*>(in + index);
  out[0] = four.x + four.w;
}

TEST_F(CheckTest, MisalignedVector) {
  if (!simt::checked()) return;  // UndefinedBehaviorSanitizer's task
  const DeviceArray<float> in(std::vector<float>(12, 1.0f)), out(1);
  EXPECT_EQ(run(read_vector, 1, 1, 0, in.get(), 4, out.get()), cudaSuccess);
  EXPECT_EQ(run(read_vector, 1, 1, 0, in.get(), 2, out.get()), cudaErrorMisalignedAddress);
  EXPECT_EQ(findings(), std::vector{Finding::misaligned});
}

TEST_F(CheckTest, ReportsNameBothSides) {
  if (!simt::checked()) return;
  const DeviceArray<float> out(64);
  run(announce<false>, 1, 64, 4, out.get());
  ASSERT_EQ(findings(), std::vector{Finding::race});
  const simt::Report report = simt::reports()[0];
  EXPECT_NE(report.kernel.find("announce<false>"), std::string::npos) << report.kernel;
  EXPECT_EQ(report.thread.x, 1u);
  EXPECT_NE(report.message.find("thread 0 writes at"), std::string::npos) << report.message;
  EXPECT_NE(report.message.find("check_test.cu:"), std::string::npos) << report.message;
  EXPECT_NE(report.line.find("check_test.cu:"), std::string::npos) << report.line;
}

}  // namespace
