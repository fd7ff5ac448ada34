// What the stopwatch does with the work that it times.
#include "bench/gpu/stopwatch.h"

#include <gtest/gtest.h>

#include <vector>

namespace sac::bench {
namespace {

TEST(Stopwatch, LaunchesBeforeItCaptures) {
  const Stopwatch stopwatch({.hot_samples = 2, .cold_samples = 2, .sample_micros = 1});
  const cuda::DeviceArray<char> memory(64);
  std::vector<cudaStreamCaptureStatus> calls;
  const Submit submit = [&] {
    calls.emplace_back();
    check(cudaStreamIsCapturing(stopwatch.stream().get(), &calls.back()), "cudaStreamIsCapturing");
    check(cudaMemsetAsync(memory.data(), 1, memory.bytes(), stopwatch.stream().get()), "memset");
  };
  EXPECT_EQ(stopwatch.hot(submit).values().size(), 2u);
  ASSERT_GE(calls.size(), 2u);
  EXPECT_EQ(calls.front(), cudaStreamCaptureStatusNone);
  EXPECT_EQ(calls.back(), cudaStreamCaptureStatusActive);
}

}  // namespace
}  // namespace sac::bench
