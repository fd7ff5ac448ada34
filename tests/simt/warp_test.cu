// Warp collectives: values, masks, lanes that are missing, and disagreement.
#include <cmath>
#include <numeric>
#include <string>

#include "launch_fixture.h"

namespace {

using simt::Finding;
using simt::Order;
using WarpTest = SimtTest;

constexpr unsigned kFull = 0xffffffffu;

struct Shuffles {
  float broadcast, from_segment, up, down, down_in_segment, exchanged;
  double wide;
};

__global__ void shuffle(Shuffles* out) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const float value = 100.0f + static_cast<float>(lane);
  Shuffles& mine = out[threadIdx.x];
  mine.broadcast = __shfl_sync(kFull, value, 7);
  mine.from_segment = __shfl_sync(kFull, value, 1, 8);
  mine.up = __shfl_up_sync(kFull, value, 3);
  mine.down = __shfl_down_sync(kFull, value, 2);
  mine.down_in_segment = __shfl_down_sync(kFull, value, 2, 4);
  mine.exchanged = __shfl_xor_sync(kFull, value, 5);
  mine.wide = __shfl_xor_sync(kFull, static_cast<double>(lane) / 3, 1);
}

TEST_F(WarpTest, ShufflesMoveValuesBetweenLanes) {
  for (Order order : {Order::forward, Order::reverse, Order::random}) {
    simt::set_options({.threads = order, .seed = 3});
    const DeviceArray<Shuffles> out(64);
    ASSERT_EQ(run(shuffle, 1, 64, 0, out.get()), cudaSuccess);
    const std::vector<Shuffles> values = out.values();
    for (int i = 0; i < 64; ++i) {
      const Shuffles& s = values[static_cast<size_t>(i)];
      const int lane = i % 32;
      EXPECT_EQ(s.broadcast, 107);
      EXPECT_EQ(s.from_segment, static_cast<float>(100 + lane / 8 * 8 + 1));
      EXPECT_EQ(s.up, static_cast<float>(100 + (lane < 3 ? lane : lane - 3)));
      EXPECT_EQ(s.down, static_cast<float>(100 + (lane > 29 ? lane : lane + 2)));
      EXPECT_EQ(s.down_in_segment, static_cast<float>(100 + (lane % 4 > 1 ? lane : lane + 2)));
      EXPECT_EQ(s.exchanged, static_cast<float>(100 + (lane ^ 5)));
      EXPECT_EQ(s.wide, static_cast<double>(lane ^ 1) / 3);
    }
  }
}

__global__ void vote(unsigned* out) {
  const int lane = static_cast<int>(threadIdx.x);
  const unsigned ballot = __ballot_sync(kFull, lane % 3 == 0);
  const int any = __any_sync(kFull, lane == 9), none = __any_sync(kFull, lane == 40);
  const int all = __all_sync(kFull, lane < 32), most = __all_sync(kFull, lane < 31);
  const unsigned sum = __reduce_add_sync(kFull, threadIdx.x);
  const int least = __reduce_min_sync(kFull, 5 - lane),
            greatest = __reduce_max_sync(kFull, lane - 5);
  if (lane == 0) {
    out[0] = ballot;
    out[1] = static_cast<unsigned>(any * 8 + none * 4 + all * 2 + most);
    out[2] = sum;
    out[3] = static_cast<unsigned>(-least);
    out[4] = static_cast<unsigned>(greatest);
  }
}

TEST_F(WarpTest, VotesAndReductions) {
  const DeviceArray<unsigned> out(5);
  ASSERT_EQ(run(vote, 1, 32, 0, out.get()), cudaSuccess);
  unsigned thirds = 0;
  for (unsigned i = 0; i < 32; i += 3) thirds |= 1u << i;
  EXPECT_EQ(out.values(), (std::vector<unsigned>{thirds, 8 + 2, 496, 26, 26}));
}

/// Both halves of the warp work apart, with masks of their own.
__global__ void halves(int* out) {
  const int lane = static_cast<int>(threadIdx.x);
  if (lane < 16) {
    out[lane] = __shfl_xor_sync(0x0000ffffu, lane, 1);
    out[lane] += __shfl_xor_sync(0x0000ffffu, lane, 2);
  } else {
    out[lane] = 10 * __shfl_xor_sync(0xffff0000u, lane, 1);
  }
}

TEST_F(WarpTest, DisjointMasksDoNotMeet) {
  const DeviceArray<int> out(32);
  ASSERT_EQ(run(halves, 1, 32, 0, out.get()), cudaSuccess);
  const std::vector<int> values = out.values();
  for (int lane = 0; lane < 32; ++lane) {
    EXPECT_EQ(values[static_cast<size_t>(lane)],
              lane < 16 ? (lane ^ 1) + (lane ^ 2) : 10 * (lane ^ 1));
  }
}

/// 48 threads: the second warp has 16 lanes, and of those 4 leave.
__global__ void shuffle_with_missing_lanes(float* out) {
  const unsigned lane = threadIdx.x % 32;
  if (threadIdx.x >= 44) return;
  out[threadIdx.x] = __shfl_down_sync(kFull, static_cast<float>(lane), 8);
}

TEST_F(WarpTest, MissingLanesAreNotWaitedForAndGiveNan) {
  const DeviceArray<float> out(44);
  ASSERT_EQ(run(shuffle_with_missing_lanes, 1, 48, 0, out.get()), cudaSuccess);
  const std::vector<float> values = out.values();
  for (size_t i = 0; i < 32; ++i) EXPECT_EQ(values[i], static_cast<float>(i < 24 ? i + 8 : i));
  for (size_t i = 32; i < 44; ++i) {
    if (i < 36) {
      EXPECT_EQ(values[i], static_cast<float>(i - 32 + 8));
    } else {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    }
  }
}

struct Fragment {
  float a, b, product;
};

/// An inner product over the warp in one collective, the way a tensor-core wrapper is written.
__global__ void warp_product(float* out) {
  Fragment mine{static_cast<float>(threadIdx.x), 2.0f, 0.0f};
  simt::warp_apply(kFull, mine, [](Fragment* const* lanes, unsigned active) {
    float sum = 0;
    for (int i = 0; i < 32; ++i) {
      if ((active >> i & 1u) != 0) sum += lanes[i]->a * lanes[i]->b;
    }
    for (int i = 0; i < 32; ++i) {
      if (lanes[i]) lanes[i]->product = sum;
    }
  });
  out[threadIdx.x] = mine.product;
}

TEST_F(WarpTest, ApplyRunsOnceForAllLanes) {
  const DeviceArray<float> out(32);
  ASSERT_EQ(run(warp_product, 1, 32, 0, out.get()), cudaSuccess);
  EXPECT_EQ(out.values(), std::vector<float>(32, 2 * 496.0f));
}

__global__ void outside_of_own_mask(int* out) {
  out[threadIdx.x] = __shfl_sync(0x0000ffffu, 1, 0);
}

__global__ void different_masks(int* out) {
  const unsigned mask = threadIdx.x < 8 ? kFull : 0xffffff00u;
  out[threadIdx.x] = __shfl_sync(mask, 1, 9);
}

__global__ void different_operations(int* out) {
  if (threadIdx.x % 2 == 0) {
    out[threadIdx.x] = __shfl_sync(kFull, 1, 0);
  } else {
    __syncwarp();
  }
}

__global__ void lane_stays_away(int* out) {
  if (threadIdx.x != 4) __syncwarp();
  __syncthreads();
  out[threadIdx.x] = 1;
}

TEST_F(WarpTest, DisagreementIsReported) {
  const DeviceArray<int> out(32);
  const auto expect = [&](void (*kernel)(int*), const char* message) {
    EXPECT_EQ(run(kernel, 1, 32, 0, out.get()), cudaErrorLaunchFailure);
    ASSERT_EQ(findings(), std::vector{Finding::warp_mask});
    const std::string reported = simt::reports()[0].message;
    EXPECT_NE(reported.find(message), std::string::npos) << reported;
    simt::reset();
  };
  expect(outside_of_own_mask, "lane 16 is not in the mask of its own __shfl_sync");
  expect(different_masks, "while lane 0 expects it at __shfl_sync");
  expect(different_operations, "calls __syncwarp");
  expect(lane_stays_away, "threads 4 wait at __syncthreads");
}

}  // namespace
