// Counters of bank conflicts and sectors, against numbers worked out by hand.
#include "launch_fixture.h"

namespace {

class TrafficTest : public SimtTest {
 protected:
  void SetUp() override {
    simt::Options options = simt::options();
    options.count = true;
    simt::set_options(options);
  }
};

/// Each lane reads one float at lane * kStride from shared memory.
template <int kStride>
__global__ void strided(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  for (unsigned i = threadIdx.x; i < 32 * kStride; i += 32) shared[i] = 1.0f;
  __syncwarp();
  out[threadIdx.x] = shared[threadIdx.x * kStride];
}

template <int kStride>
simt::Counters count_strided() {
  simt::reset();
  const DeviceArray<float> out(32);
  cudaLaunchConfig_t config{};
  config.gridDim = 1;
  config.blockDim = 32;
  config.dynamicSmemBytes = 32 * kStride * sizeof(float);
  cudaLaunchKernelEx(&config, strided<kStride>, out.get());
  return simt::counters(strided<kStride>);
}

TEST_F(TrafficTest, StridesConflictAsTheirCommonDivisorWith32) {
  if (!simt::checked()) return;
  // kStride conflict-free stores fill the memory, one load follows.
  EXPECT_EQ(count_strided<1>().shared_requests, 2);
  EXPECT_EQ(count_strided<1>().launches, 1);
  EXPECT_EQ(count_strided<2>().shared_wavefronts, 2 + 2);
  EXPECT_EQ(count_strided<4>().shared_wavefronts, 4 + 4);
  EXPECT_EQ(count_strided<32>().shared_wavefronts, 32 + 32);
  EXPECT_EQ(count_strided<32>().shared_ideal, 32 + 1);
  const simt::Counters odd = count_strided<5>();
  EXPECT_EQ(odd.shared_wavefronts, odd.shared_ideal);
}

/// A row of kPitch floats per lane, read four at a time.
template <int kPitch>
__global__ void read_rows(float* out) {
  float4* shared = static_cast<float4*>(simt::dynamic_shared());
  for (unsigned i = threadIdx.x; i < 32 * kPitch / 4; i += 32) shared[i] = make_float4(1, 2, 3, 4);
  __syncthreads();
  const float4 four = shared[threadIdx.x * kPitch / 4];
  out[threadIdx.x] = four.x + four.w;
}

template <int kPitch>
simt::Counters count_rows() {
  simt::reset();
  const DeviceArray<float> out(32);
  cudaLaunchConfig_t config{};
  config.gridDim = 1;
  config.blockDim = 32;
  config.dynamicSmemBytes = 32 * kPitch * sizeof(float);
  cudaLaunchKernelEx(&config, read_rows<kPitch>, out.get());
  return simt::counters(read_rows<kPitch>);
}

TEST_F(TrafficTest, VectorsAreServedAQuarterWarpAtATime) {
  if (!simt::checked()) return;
  // Filling: kPitch / 4 stores of 4 passes each. Then one load: with a pitch of 36 the 8 rows of a
  // quarter start 4 banks apart and cover all banks; with 32 they meet in the same 4.
  EXPECT_EQ(count_rows<36>().shared_requests, 9 + 1);
  EXPECT_EQ(count_rows<36>().shared_wavefronts, 9 * 4 + 4);
  EXPECT_EQ(count_rows<32>().shared_wavefronts, 8 * 4 + 4 * 8);
  EXPECT_EQ(count_rows<32>().shared_ideal, 8 * 4 + 4);
}

/// Lanes whose numbers differ in kBit alone read the same 16 bytes, which are as dense as that
/// allows: no bank conflicts.
template <unsigned kBit>
__global__ void read_in_pairs(float4* out) {
  float4* shared = static_cast<float4*>(simt::dynamic_shared());
  shared[threadIdx.x] = make_float4(1, 2, 3, 4);
  __syncthreads();
  constexpr unsigned kBelow = kBit - 1;
  out[threadIdx.x] = shared[(threadIdx.x & kBelow) | (threadIdx.x / 2 & ~kBelow)];
}

template <unsigned kBit>
int64_t passes_in_pairs() {
  simt::reset();
  const DeviceArray<float4> out(32);
  cudaLaunchConfig_t config{};
  config.gridDim = 1;
  config.blockDim = 32;
  config.dynamicSmemBytes = 32 * sizeof(float4);
  cudaLaunchKernelEx(&config, read_in_pairs<kBit>, out.get());
  constexpr int64_t kFilling = 4;
  return simt::counters(read_in_pairs<kBit>).shared_wavefronts - kFilling;
}

TEST_F(TrafficTest, PairsOfLanesThatShareAVectorAreServedHalfAWarpAtATime) {
  if (!simt::checked()) return;
  EXPECT_EQ(passes_in_pairs<1>(), 2) << "neighbours";
  EXPECT_EQ(passes_in_pairs<2>(), 2) << "two apart";
  EXPECT_EQ(passes_in_pairs<4>(), 4) << "four apart: not by the rule";
  EXPECT_EQ(passes_in_pairs<16>(), 4);
}

__global__ void read_the_same_eight(float* out) {
  float4* shared = static_cast<float4*>(simt::dynamic_shared());
  if (threadIdx.x < 8) shared[threadIdx.x] = make_float4(1, 2, 3, 4);
  __syncthreads();
  const float4 four = shared[threadIdx.x % 8];
  out[threadIdx.x] = four.x + four.w;
}

TEST_F(TrafficTest, QuarterWarpsDoNotShareAPass) {
  if (!simt::checked()) return;
  const DeviceArray<float> out(32);
  ASSERT_EQ(run(read_the_same_eight, 1, 32, 128, out.get()), cudaSuccess);
  EXPECT_EQ(simt::counters(read_the_same_eight).shared_wavefronts, 1 + 4);
  EXPECT_EQ(simt::counters(read_the_same_eight).shared_ideal, 1 + 4);
}

__global__ void broadcast(float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  if (threadIdx.x == 0) shared[5] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = shared[5];
}

TEST_F(TrafficTest, BroadcastsAreOnePass) {
  if (!simt::checked()) return;
  const DeviceArray<float> out(32);
  ASSERT_EQ(run(broadcast, 1, 32, 32, out.get()), cudaSuccess);
  EXPECT_EQ(simt::counters(broadcast).shared_requests, 2);
  EXPECT_EQ(simt::counters(broadcast).shared_wavefronts, 2);
}

/// Copies n floats; lane i takes the elements i * kStride + kOffset.
template <unsigned kStride, unsigned kOffset>
__global__ void copy(const float* in, float* out) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  out[i] = in[i * kStride + kOffset];
}

TEST_F(TrafficTest, SectorsOfGlobalLoadsAndStores) {
  if (!simt::checked()) return;
  const DeviceArray<float> in(std::vector<float>(64 * 8 + 1, 1.0f)), out(64);
  const float* source = in.get();
  ASSERT_EQ(run(copy<1, 0>, 1, 64, 0, source, out.get()), cudaSuccess);
  const simt::Counters packed = simt::counters(copy<1, 0>);
  EXPECT_EQ(packed.global_requests, 2 * 2);  // two warps, a load and a store
  EXPECT_EQ(packed.global_sectors, 4 * 4);
  EXPECT_EQ(packed.global_ideal, 4 * 4);
  ASSERT_EQ(run(copy<1, 1>, 1, 64, 0, source, out.get()), cudaSuccess);
  EXPECT_EQ(simt::counters(copy<1, 1>).global_sectors, 2 * (5 + 4));
  ASSERT_EQ(run(copy<8, 0>, 1, 64, 0, source, out.get()), cudaSuccess);
  EXPECT_EQ(simt::counters(copy<8, 0>).global_sectors, 2 * (32 + 4));
  EXPECT_EQ(simt::counters(copy<8, 0>).global_ideal, 2 * (4 + 4));
}

/// A cp.async per lane: loads 16 bytes of device memory, stores 16 of shared memory.
template <unsigned kPitch>
__global__ void copy_rows(const float* in, float* out) {
  float* shared = static_cast<float*>(simt::dynamic_shared());
  simt::cp_async_16(shared + threadIdx.x * kPitch, in + threadIdx.x * 4);
  simt::cp_async_wait_all();
  out[threadIdx.x] = shared[threadIdx.x * kPitch];
}

TEST_F(TrafficTest, AsynchronousCopiesCountOnce) {
  if (!simt::checked()) return;
  const DeviceArray<float> in(std::vector<float>(128, 1.0f)), out(32);
  ASSERT_EQ(run(copy_rows<32>, 1, 32, 32 * 32 * 4, static_cast<const float*>(in.get()), out.get()),
            cudaSuccess);
  const simt::Counters counters = simt::counters(copy_rows<32>);
  EXPECT_EQ(counters.shared_requests, 2);
  EXPECT_EQ(counters.shared_wavefronts, 32 + 32);
  EXPECT_EQ(counters.global_requests, 2);
  EXPECT_EQ(counters.global_sectors, 16 + 4);
}

/// Lanes loop as often as their number: late rounds have fewer lanes. Twice, with a meeting
/// between.
__global__ void triangle(const float* in, float* out) {
  float sum = 0;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (unsigned i = 0; i <= threadIdx.x; ++i) sum += in[i * 32 + threadIdx.x];
    __syncwarp();
  }
  out[threadIdx.x] = sum;
}

TEST_F(TrafficTest, LanesThatDivergeAreMatchedByRound) {
  if (!simt::checked()) return;
  const DeviceArray<float> in(std::vector<float>(32 * 32, 1.0f)), out(32);
  ASSERT_EQ(run(triangle, 1, 32, 0, static_cast<const float*>(in.get()), out.get()), cudaSuccess);
  const simt::Counters counters = simt::counters(triangle);
  EXPECT_EQ(counters.global_requests, 2 * 32 + 1);
  // Round i: lanes i .. 31 of one row of 128 bytes, sectors i / 8 .. 3.
  EXPECT_EQ(counters.global_sectors, 2 * 8 * (4 + 3 + 2 + 1) + 4);
}

TEST_F(TrafficTest, LinesAreListedWorstFirst) {
  if (!simt::checked()) return;
  count_strided<32>();
  const std::vector<simt::LineCounters> lines = simt::counters_by_line(
      reinterpret_cast<const void*>(static_cast<void (*)(float*)>(strided<32>)));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].line.find("traffic_test.cu:"), std::string::npos);
  EXPECT_EQ(lines[0].counters.shared_wavefronts, 32);
  EXPECT_EQ(lines[0].counters.global_requests, 1);  // the same line stores to `out`
  EXPECT_EQ(lines[1].counters.shared_requests, 32);
}

TEST_F(TrafficTest, AllKernelsAreListedByName) {
  count_strided<2>();
  const std::vector<simt::KernelCounters> all = simt::all_counters();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_NE(all[0].name.find("strided<2>"), std::string::npos) << all[0].name;
  EXPECT_EQ(all[0].counters.launches, simt::checked() ? 1 : 0);
}

TEST_F(TrafficTest, ResetForgets) {
  count_strided<1>();
  simt::reset();
  EXPECT_EQ(simt::counters(strided<1>).launches, 0);
  EXPECT_EQ(simt::counters(strided<1>).shared_requests, 0);
}

}  // namespace
