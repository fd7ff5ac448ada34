// host/cuda/no_gpu.h: a machine without a GPU is not a broken driver.
#include "host/cuda/no_gpu.h"

#include <gtest/gtest.h>

namespace sac::cuda {
namespace {

TEST(NoGpu, NoDriverAndNoDeviceAreNoGpu) {
  const char* none = "no NVIDIA GPU here";
  EXPECT_EQ(why_no_gpu(cudaErrorInsufficientDriver, 0, 13000), none);
  EXPECT_EQ(why_no_gpu(cudaErrorNoDevice, 12040, 12000), none);
  EXPECT_EQ(why_no_gpu(cudaErrorNoDevice, 0, 12000), none);
  EXPECT_EQ(why_no_gpu(cudaSuccess, 12040, 12000), none);
}

TEST(NoGpu, AnOldDriverIsNamedWithBothVersions) {
  EXPECT_EQ(why_no_gpu(cudaErrorInsufficientDriver, 11040, 13010),
            "the NVIDIA driver is too old: it serves CUDA 11.4, and this program was built with "
            "CUDA 13.1");
}

TEST(NoGpu, OtherFailuresAreInTheRuntimesWords) {
  EXPECT_EQ(why_no_gpu(cudaErrorMemoryAllocation, 12040, 12000),
            cudaGetErrorString(cudaErrorMemoryAllocation));
}

}  // namespace
}  // namespace sac::cuda
