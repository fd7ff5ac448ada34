// What a GPU may lack, played by the emulator: code for it in this build, and memory.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "host/cuda/gpu.h"
#include "host/devices/memory.h"
#include "host/training/config.h"
#include "tests/support/usage_error_of.h"

namespace sac {
namespace {

class GpuWithoutCode : public testing::Test {
 protected:
  GpuWithoutCode() {
    simt::Options without = before_;
    without.has_code = false;
    simt::set_options(without);
  }
  ~GpuWithoutCode() override { simt::set_options(before_); }

 private:
  const simt::Options before_ = simt::options();
};

TEST_F(GpuWithoutCode, AutoTakesTheCpuAndSaysWhatTheBuildHas) {
  const cuda::GpuProbe gpu = cuda::probe_gpu();
  EXPECT_FALSE(gpu.usable);
  expect_names(gpu.line, cuda::kernels_in_this_build());
  expect_names(gpu.line, "no kernel image is available");
  const devices::DeviceChoice choice = devices::choose_device("auto");
  EXPECT_EQ(choice.device, devices::Device::cpu);
  EXPECT_EQ(choice.reason, "using the CPU: " + gpu.line);
  expect_names(usage_error_of([] { devices::choose_device("cuda"); }),
               "--device cuda: " + gpu.line);
  EXPECT_EQ(cudaPeekAtLastError(), cudaSuccess);
}

TEST(GpuMemory, ALearnerIsComparedWithWhatIsFree) {
  training::TrainOptions options;
  options.device = "cuda";
  options.replay_size = int64_t{1} << 40;
  const devices::Memory memory = devices::available_memory(devices::Device::cuda);
  expect_names(memory.line, "the GPU has ");
  const std::string error = usage_error_of([&] { training::resolve(options); });
  expect_names(error, memory.line);
  expect_names(error, "need ");
  EXPECT_EQ(memory.bytes, static_cast<double>(cuda::gpu_memory().free));
}

TEST(GpuMemory, AutoTakesTheCpuWhereTheGpuHasTooLittle) {
  const size_t taken = cuda::gpu_memory().free - 40'000'000;
  void* other_program = nullptr;
  ASSERT_EQ(cudaMalloc(&other_program, taken), cudaSuccess);
  const training::TrainConfig config = training::resolve({});
  EXPECT_EQ(config.device.device, devices::Device::cpu);
  EXPECT_TRUE(config.device.instead_of);
  EXPECT_EQ(config.learner.precision, Precision::fp32);
  expect_names(config.device.reason,
               "using the CPU: replay and networks need 0.1 GB, the GPU has 0.0 GB");
  training::TrainOptions small;
  small.replay_size = 5000;
  EXPECT_EQ(training::resolve(small).device.device, devices::Device::cuda);
  EXPECT_EQ(cudaFree(other_program), cudaSuccess);
}

}  // namespace
}  // namespace sac
