// Indices, shared memory, barriers, and the order in which threads and blocks take their turns.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "launch_fixture.h"

namespace {

using simt::Finding;
using simt::Order;
using ThreadTest = SimtTest;

__global__ void record_indices(uint3* threads, uint3* blocks) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + thread;
  threads[i] = threadIdx;
  blocks[i] = blockIdx;
}

TEST_F(ThreadTest, EveryThreadOfEveryBlockRunsOnceWithItsIndices) {
  const dim3 grid(3, 2, 2), block(5, 3, 2);
  const unsigned n = 12 * 30;
  DeviceArray<uint3> threads(n), blocks(n);
  ASSERT_EQ(run(record_indices, grid, block, 0, threads.get(), blocks.get()), cudaSuccess);
  const std::vector<uint3> t = threads.values(), b = blocks.values();
  for (unsigned i = 0; i < n; ++i) {
    const unsigned in_block = i % 30, linear = i / 30;
    EXPECT_EQ(t[i].x, in_block % 5);
    EXPECT_EQ(t[i].y, in_block / 5 % 3);
    EXPECT_EQ(t[i].z, in_block / 15);
    EXPECT_EQ(b[i].x, linear % 3);
    EXPECT_EQ(b[i].y, linear / 3 % 2);
    EXPECT_EQ(b[i].z, linear / 6);
  }
}

/// Sums 0 .. n-1 through shared memory, one barrier per halving.
__global__ void reduce(const float* in, float* out) {
  float* partial = static_cast<float*>(simt::dynamic_shared());
  partial[threadIdx.x] = in[blockIdx.x * blockDim.x + threadIdx.x];
  __syncthreads();
  for (unsigned step = blockDim.x / 2; step > 0; step /= 2) {
    if (threadIdx.x < step) partial[threadIdx.x] += partial[threadIdx.x + step];
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = partial[0];
}

TEST_F(ThreadTest, BarriersHoldInEveryOrder) {
  std::vector<float> in(1024);
  std::iota(in.begin(), in.end(), 0.0f);
  const DeviceArray<float> device_in(in);
  for (Order order : {Order::forward, Order::reverse, Order::random}) {
    for (uint64_t seed : {1u, 2u}) {
      simt::set_options({.threads = order, .blocks = order, .seed = seed});
      const DeviceArray<float> out(4);
      ASSERT_EQ(run(reduce, 4, 256, 256 * sizeof(float), device_in.get(), out.get()), cudaSuccess);
      for (unsigned b = 0; b < 4; ++b) {
        EXPECT_EQ(out.values()[b], 256.0f * (256.0f * b) + 255.0f * 128.0f);
      }
    }
  }
}

__global__ void count_predicates(int* out) {
  const int odd = threadIdx.x % 2;
  const int count = __syncthreads_count(odd), few = __syncthreads_count(threadIdx.x < 5);
  const int some = __syncthreads_or(odd), none = __syncthreads_or(0);
  const int all = __syncthreads_and(1), most = __syncthreads_and(odd);
  out[threadIdx.x] = count * 100 + few * 16 + some * 8 + none * 4 + all * 2 + most;
}

TEST_F(ThreadTest, BarriersReducePredicates) {
  const DeviceArray<int> out(48);
  ASSERT_EQ(run(count_predicates, 1, 48, 0, out.get()), cudaSuccess);
  for (int value : out.values()) EXPECT_EQ(value, 24 * 100 + 5 * 16 + 8 + 2);
}

__global__ void take_ticket(int* next, int* ticket) {
  ticket[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(next, 1);
}

std::vector<int> tickets(Order threads, Order blocks, uint64_t seed) {
  simt::set_options({.threads = threads, .blocks = blocks, .seed = seed});
  const DeviceArray<int> next(std::vector<int>{0}), ticket(40);
  cudaLaunchConfig_t config{};
  config.gridDim = 4;
  config.blockDim = 10;
  EXPECT_EQ(cudaLaunchKernelEx(&config, take_ticket, next.get(), ticket.get()), cudaSuccess);
  return ticket.values();
}

TEST_F(ThreadTest, OrderIsAsChosen) {
  std::vector<int> ascending(40);
  std::iota(ascending.begin(), ascending.end(), 0);
  const std::vector<int> descending(ascending.rbegin(), ascending.rend());
  EXPECT_EQ(tickets(Order::forward, Order::forward, 0), ascending);
  EXPECT_EQ(tickets(Order::reverse, Order::reverse, 0), descending);
  EXPECT_EQ(tickets(Order::forward, Order::reverse, 0)[31], 1);
  EXPECT_EQ(tickets(Order::reverse, Order::forward, 0)[9], 0);
}

TEST_F(ThreadTest, RandomOrderFollowsItsSeed) {
  const std::vector<int> first = tickets(Order::random, Order::random, 1);
  EXPECT_EQ(tickets(Order::random, Order::random, 1), first);
  EXPECT_NE(tickets(Order::random, Order::random, 2), first);
  std::vector<int> sorted = first, ascending(40);
  std::sort(sorted.begin(), sorted.end());
  std::iota(ascending.begin(), ascending.end(), 0);
  EXPECT_EQ(sorted, ascending);
  EXPECT_NE(tickets(Order::random, Order::forward, 1), ascending);
  std::set<int> first_blocks;  // 20 shuffles of 4 blocks begin with each of them: 1 - 4 (3/4)^20
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<int> ticket = tickets(Order::forward, Order::random, seed);
    for (int block = 0; block < 4; ++block) {
      if (ticket[static_cast<size_t>(block) * 10] == 0) first_blocks.insert(block);
    }
  }
  EXPECT_EQ(first_blocks.size(), 4u);
}

__global__ void some_leave_early(int* out) {
  if (threadIdx.x >= 20) return;
  out[threadIdx.x] = 1;
}

TEST_F(ThreadTest, ThreadsMayLeaveBeforeTheOthersWhereNobodyWaits) {
  const DeviceArray<int> out(20);
  EXPECT_EQ(run(some_leave_early, 1, 64, 0, out.get()), cudaSuccess);
  EXPECT_EQ(out.values(), std::vector<int>(20, 1));
}

__global__ void leave_before_barrier() {
  if (threadIdx.x == 5) return;
  __syncthreads();
}

TEST_F(ThreadTest, ExitBeforeABarrierIsReported) {
  EXPECT_EQ(run(leave_before_barrier, 1, 64, 0), cudaErrorLaunchFailure);
  ASSERT_EQ(findings(), std::vector{Finding::divergent_barrier});
  const simt::Report report = simt::reports()[0];
  EXPECT_NE(report.message.find("threads 5 have exited"), std::string::npos) << report.message;
  EXPECT_NE(report.message.find("threads 0-4,6-63 wait at __syncthreads"), std::string::npos);
  EXPECT_NE(report.message.find("thread_test.cu:"), std::string::npos);
  EXPECT_NE(report.kernel.find("leave_before_barrier"), std::string::npos) << report.kernel;
}

__global__ void two_barriers(int* out) {
  if (threadIdx.x < 32) {
    out[threadIdx.x] = 1;
    __syncthreads();
  } else {
    out[threadIdx.x] = 2;
    __syncthreads();
  }
}

TEST_F(ThreadTest, DivergentBarriersAreReported) {
  const DeviceArray<int> out(64);
  EXPECT_EQ(run(two_barriers, 1, 64, 0, out.get()), cudaErrorLaunchFailure);
  ASSERT_EQ(findings(), std::vector{Finding::divergent_barrier});
  const simt::Report report = simt::reports()[0];
  EXPECT_EQ(report.thread.x, 32u);
  EXPECT_NE(report.message.find("while thread (0,0,0) waits at"), std::string::npos);
}

__global__ void leave_shared_unwritten(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  if (blockIdx.x == 0) shared[threadIdx.x] = 1.0f;
  if (blockIdx.x == 0) out[threadIdx.x] = shared[threadIdx.x];
}

TEST_F(ThreadTest, TheLayerRecoversAfterAFailure) {
  EXPECT_EQ(run(leave_before_barrier, 1, 64, 0), cudaErrorLaunchFailure);
  int count = 0;
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);  // as on a real device, it stays
  void* nothing;
  EXPECT_EQ(cudaMalloc(&nothing, 4), cudaErrorLaunchFailure);
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  simt::reset();
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  const DeviceArray<float> out(64);
  EXPECT_EQ(run(leave_shared_unwritten, 1, 64, 64 * sizeof(float), out.get()), cudaSuccess);
  EXPECT_EQ(out.values(), std::vector<float>(64, 1.0f));
}

__global__ void trap() {
  if (threadIdx.x == 3) __trap();
}

TEST_F(ThreadTest, TrapsAreReported) {
  EXPECT_EQ(run(trap, 1, 8, 0), cudaErrorLaunchFailure);
  ASSERT_EQ(findings(), std::vector{Finding::trap});
  EXPECT_EQ(simt::reports()[0].thread.x, 3u);
}

}  // namespace
