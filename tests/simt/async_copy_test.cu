// cp.async: copies arrive at the wait and not before.
#include <cmath>
#include <optional>

#include "launch_fixture.h"

namespace {

using simt::Finding;
using AsyncCopyTest = SimtTest;

constexpr int kSlices = 4;

/// Sums slices of 64 floats through two buffers. kAllowed groups may be pending at each wait: 1 is
/// right while another slice is on its way, 2 reads what has not arrived. kBarriers are needed
/// because each thread reads what others copied.
template <int kAllowed, bool kBarriers>
__global__ void sum_slices(const float* in, float* out) {
  float* buffers = static_cast<float*>(simt::dynamic_shared());
  const unsigned t = threadIdx.x;
  const auto issue = [&](unsigned slice) {
    simt::cp_async_16(buffers + slice % 2 * 64 + t * 4, in + slice * 64 + t * 4);
    simt::cp_async_commit();
  };
  issue(0);
  float sum = 0;
  for (unsigned slice = 0; slice < kSlices; ++slice) {
    if (slice + 1 < kSlices) issue(slice + 1);
    simt::cp_async_wait(slice + 1 < kSlices ? kAllowed : 0);
    if (kBarriers) __syncthreads();
    for (unsigned i = 0; i < 64; ++i) sum += buffers[slice % 2 * 64 + i];
    if (kBarriers) __syncthreads();
  }
  out[t] = sum;
}

class SlicesTest : public AsyncCopyTest {
 protected:
  template <class Kernel>
  std::vector<float> sums(Kernel kernel) {
    const DeviceArray<float> in(std::vector<float>(64 * kSlices, 1.0f)), out(16);
    run(kernel, 1, 16, 2 * 64 * sizeof(float), static_cast<const float*>(in.get()), out.get());
    found = findings();
    simt::reset();
    return out.values();
  }

  std::vector<Finding> found;
};

TEST_F(SlicesTest, DoubleBufferingWorks) {
  EXPECT_EQ(sums(sum_slices<1, true>), std::vector<float>(16, 64.0f * kSlices));
  EXPECT_TRUE(found.empty());
}

TEST_F(SlicesTest, MissingWaitIsReported) {
  EXPECT_TRUE(std::isnan(sums(sum_slices<2, true>)[0]));
  if (simt::checked()) {
    EXPECT_EQ(found, std::vector{Finding::uninitialised_read});
  }
}

TEST_F(SlicesTest, MissingBarrierAfterTheWaitIsReported) {
  sums(sum_slices<1, false>);
  if (simt::checked()) {
    ASSERT_FALSE(found.empty());
    for (Finding finding : found) {
      EXPECT_TRUE(finding == Finding::race || finding == Finding::uninitialised_read);
    }
  }
}

__global__ void never_wait(const float* in, float* out) {
  float* buffer = static_cast<float*>(simt::dynamic_shared());
  simt::cp_async_4(buffer + threadIdx.x, in + threadIdx.x);
  simt::cp_async_commit();
  out[threadIdx.x] = buffer[threadIdx.x];
}

TEST_F(AsyncCopyTest, NoWaitAtAllIsReported) {
  const DeviceArray<float> in(std::vector<float>(32, 1.0f)), out(32);
  run(never_wait, 1, 32, 128, in.get(), out.get());
  if (simt::checked()) {
    EXPECT_EQ(findings(), std::vector{Finding::uninitialised_read});
  }
  simt::reset();
  EXPECT_TRUE(std::isnan(out.values()[5]));
}

__global__ void copy_over_old_data(const float* in, float* out) {
  float* buffer = static_cast<float*>(simt::dynamic_shared());
  buffer[threadIdx.x] = 5.0f;
  simt::cp_async_4(buffer + threadIdx.x, in + threadIdx.x);
  out[threadIdx.x] = buffer[threadIdx.x];
}

TEST_F(AsyncCopyTest, OldDataIsGoneFromTheIssueOn) {
  const DeviceArray<float> in(std::vector<float>(32, 1.0f)), out(32);
  run(copy_over_old_data, 1, 32, 128, in.get(), out.get());
  simt::reset();
  EXPECT_TRUE(std::isnan(out.values()[5]));
}

__global__ void wait_for_the_older(const float* in, float* out) {
  float* buffer = static_cast<float*>(simt::dynamic_shared());
  for (int i = 0; i < 3; ++i) {
    simt::cp_async_4(buffer + i, in + i);
    simt::cp_async_commit();
  }
  simt::cp_async_wait(1);
  for (int i = 0; i < 3; ++i) out[i] = buffer[i];
}

TEST_F(AsyncCopyTest, GroupsThatMayBePendingArePending) {
  const DeviceArray<float> in(std::vector<float>{1, 2, 3}), out(3);
  run(wait_for_the_older, 1, 1, 16, in.get(), out.get());
  simt::reset();
  const std::vector<float> values = out.values();
  EXPECT_EQ(values[0], 1.0f);
  EXPECT_EQ(values[1], 2.0f);
  EXPECT_TRUE(std::isnan(values[2]));
}

/// Issued before one barrier, waited for after it, and read by another thread with no barrier
/// between unless kBarrier.
template <bool kBarrier>
__global__ void wait_late(const float* in, float* out) {
  float* buffer = static_cast<float*>(simt::dynamic_shared());
  if (threadIdx.x == 0) simt::cp_async_4(buffer, in);
  __syncthreads();
  if (threadIdx.x == 0) simt::cp_async_wait_all();
  if (kBarrier) __syncthreads();
  out[threadIdx.x] = buffer[0];
}

TEST_F(AsyncCopyTest, ArrivalIsAWriteAtTheWait) {
  const DeviceArray<float> in(std::vector<float>{1.0f}), out(64);
  EXPECT_EQ(run(wait_late<true>, 1, 64, 128, in.get(), out.get()), cudaSuccess);
  run(wait_late<false>, 1, 64, 128, in.get(), out.get());
  if (simt::checked()) {
    EXPECT_EQ(findings(), std::vector{Finding::race});
  }
}

/// Reads the source as late as the wait, whatever the width.
__global__ void copy_widths(const float* in, float* source, float* out) {
  float* buffer = static_cast<float*>(simt::dynamic_shared());
  simt::cp_async_4(buffer, in);
  simt::cp_async_8(buffer + 2, in + 2);
  simt::cp_async_16_zfill(buffer + 4, in + 4, true);
  simt::cp_async_16_zfill(buffer + 8, nullptr, false);
  simt::cp_async(buffer + 12, source, 16, 8);
  source[0] = 7.0f;
  simt::cp_async_wait_all();
  const int read[] = {0, 2, 3, 4, 7, 8, 11, 12, 13, 14};
  for (int i = 0; i < 10; ++i) out[i] = buffer[read[i]];
}

TEST_F(AsyncCopyTest, WidthsZeroFillAndLateReads) {
  const DeviceArray<float> in(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
  const DeviceArray<float> source(std::vector<float>{1, 2}), out(10);
  EXPECT_EQ(run(copy_widths, 1, 1, 64, in.get(), source.get(), out.get()), cudaSuccess);
  EXPECT_EQ(out.values(), (std::vector<float>{1, 3, 4, 5, 8, 0, 0, 7, 2, 0}));
}

__global__ void copy_to(float* target, const float* in) {
  simt::cp_async_16(target ? target : simt::dynamic_shared(), in);
}

TEST_F(AsyncCopyTest, WrongAddressesAreReported) {
  const DeviceArray<float> in(std::vector<float>(8, 1.0f)), other(8);
  EXPECT_EQ(run(copy_to, 1, 1, 16, nullptr, in.get()), cudaSuccess);
  EXPECT_EQ(run(copy_to, 1, 1, 16, other.get(), in.get()), cudaErrorIllegalAddress);
  EXPECT_EQ(findings(), std::vector{Finding::out_of_bounds});
  simt::reset();
  EXPECT_EQ(run(copy_to, 1, 1, 16, nullptr, in.get() + 1), cudaErrorMisalignedAddress);
  EXPECT_EQ(findings(), std::vector{Finding::misaligned});
}

}  // namespace
