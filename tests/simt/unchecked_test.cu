// Kernels compiled without checking, as a fast program has them: several host threads, NaN where
// nobody wrote, and memory errors found by guard pages and watched surroundings. AddressSanitizer,
// where the tests are built with it, ends the program at memory errors; check_test.cu has those.
#include <cmath>
#include <cstdint>
#include <numeric>

#include "launch_fixture.h"
#include "sanitizer.h"

namespace {

using simt::Finding;

class UncheckedTest : public SimtTest {
 protected:
  static constexpr bool kGuardPages = !simt::sanitizer::kAddress;
};

__global__ void write_at(float* out, int64_t index) {
  out[index] = 1.0f;
}
__global__ void read_at(const float* in, int64_t index, float* out) {
  *out = in[index];
}
__global__ void read_shared_at(int64_t index, float* out) {
  *out = static_cast<float*>(simt::dynamic_shared())[index];
}

TEST_F(UncheckedTest, GuardPagesStopAccessesPastTheEnd) {
  if (!kGuardPages) return;
  const DeviceArray<float> in(64), out(1);  // 256 bytes end where a guard page begins
  EXPECT_EQ(run(read_at, 1, 1, 0, in.get(), int64_t{63}, out.get()), cudaSuccess);
  EXPECT_EQ(run(read_at, 1, 1, 0, in.get(), int64_t{64}, out.get()), cudaErrorIllegalAddress);
  ASSERT_EQ(findings(), std::vector{Finding::out_of_bounds});
  const simt::Report report = simt::reports()[0];
  EXPECT_NE(report.message.find("0 bytes past the end of a device allocation of 256 bytes"),
            std::string::npos)
      << report.message;
  EXPECT_NE(report.line.find("unchecked_test.cu:"), std::string::npos) << report.line;
  EXPECT_NE(report.kernel.find("read_at"), std::string::npos);
}

TEST_F(UncheckedTest, GuardPagesStopAccessesBeforeTheBeginning) {
  if (!kGuardPages) return;
  const DeviceArray<float> out(1024);
  EXPECT_EQ(run(write_at, 1, 1, 0, out.get(), int64_t{-1}), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
}

TEST_F(UncheckedTest, GuardPagesFollowSharedMemory) {
  if (!kGuardPages) return;
  const DeviceArray<float> out(1);
  EXPECT_EQ(run(read_shared_at, 1, 1, 1024, int64_t{256}, out.get()), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
}

TEST_F(UncheckedTest, NullPointersAreReported) {
  if (!kGuardPages) return;
  EXPECT_EQ(run(write_at, 1, 1, 0, nullptr, int64_t{0}), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
}

TEST_F(UncheckedTest, WritesNextToAnAllocationAreReportedAtTheEndOfTheLaunch) {
  if (!kGuardPages) return;
  const DeviceArray<float> small(10);
  EXPECT_EQ(run(write_at, 1, 1, 0, small.get(), int64_t{10}), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
  simt::reset();
  EXPECT_EQ(run(write_at, 1, 1, 0, small.get(), int64_t{-1}), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
  simt::reset();
  EXPECT_EQ(run(write_at, 1, 1, 0, small.get(), int64_t{9}), cudaSuccess);
  EXPECT_TRUE(findings().empty());
}

int recurse(int depth, volatile int* keep) {
  volatile int frame[256];
  frame[depth % 256] = depth;
  *keep = frame[depth % 256];
  return depth == 0 ? 0 : recurse(depth - 1, keep) + frame[depth % 256];
}
__global__ void recurse_deeply(int depth, int* out) {
  volatile int keep = 0;
  *out = recurse(depth, &keep);
}

TEST_F(UncheckedTest, StackOverflowIsReported) {
  if (!kGuardPages) return;
  const DeviceArray<int> out(1);
  EXPECT_EQ(run(recurse_deeply, 1, 1, 0, 10, out.get()), cudaSuccess);
  EXPECT_EQ(run(recurse_deeply, 1, 1, 0, 100000, out.get()), cudaErrorIllegalAddress);
  ASSERT_EQ(findings(), std::vector{Finding::out_of_bounds});
  EXPECT_NE(simt::reports()[0].message.find("stack overflow"), std::string::npos);
}

__global__ void sum_neighbours(const float* in, float* out, bool write_all) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (write_all || blockIdx.x == 0) shared[threadIdx.x] = in[i];
  __syncthreads();
  out[i] = shared[threadIdx.x] + shared[threadIdx.x ^ 1] + __shfl_xor_sync(~0u, in[i], 2);
}

TEST_F(UncheckedTest, SharedMemoryIsNanBeforeEachBlock) {
  const DeviceArray<float> in(std::vector<float>(128, 1.0f)), out(128);
  ASSERT_EQ(run(sum_neighbours, 2, 64, 256, in.get(), out.get(), false), cudaSuccess);
  EXPECT_EQ(out.values()[5], 3.0f);
  EXPECT_TRUE(std::isnan(out.values()[64 + 5]));
}

std::vector<float> sums(int workers) {
  simt::set_options({.workers = workers});
  std::vector<float> values(100 * 64);
  std::iota(values.begin(), values.end(), 0.25f);
  const DeviceArray<float> in(values), out(values.size());
  cudaLaunchConfig_t config{};
  config.gridDim = 100;
  config.blockDim = 64;
  config.dynamicSmemBytes = 256;
  for (int repeat = 0; repeat < 3; ++repeat) {
    EXPECT_EQ(cudaLaunchKernelEx(&config, sum_neighbours, in.get(), out.get(), true), cudaSuccess);
  }
  return out.values();
}

TEST_F(UncheckedTest, SeveralHostThreadsGiveTheSameBits) {
  const std::vector<float> one = sums(1);
  EXPECT_EQ(one[1], 1.25f + 0.25f + 3.25f);
  EXPECT_EQ(sums(3), one);
  EXPECT_EQ(sums(2), one);
}

__global__ void count_arrivals(int* count) {
  atomicAdd(count, 1);
}

TEST_F(UncheckedTest, AtomicsHoldOverHostThreads) {
  simt::set_options({.workers = 4});
  const DeviceArray<int> count(std::vector<int>{0});
  ASSERT_EQ(run(count_arrivals, 200, 128, 0, count.get()), cudaSuccess);
  EXPECT_EQ(count.values()[0], 200 * 128);
}

__global__ void diverge_in_one_block() {
  if (blockIdx.x == 70 && threadIdx.x == 1) return;
  __syncthreads();
}

TEST_F(UncheckedTest, AFindingOfAnyHostThreadFailsTheLaunch) {
  simt::set_options({.workers = 3});
  EXPECT_EQ(run(diverge_in_one_block, 100, 32, 0), cudaErrorLaunchFailure);
  ASSERT_EQ(findings(), std::vector{Finding::divergent_barrier});
  EXPECT_EQ(simt::reports()[0].block.x, 70u);
}

}  // namespace
