#include "host/devices/devices.h"

#include <gtest/gtest.h>

#include "host/cuda/gpu.h"
#include "tests/support/usage_error_of.h"

namespace sac::devices {
namespace {

TEST(Devices, AutoTakesAWorkingGpuAndSaysWhyOrWhyNot) {
  const cuda::GpuProbe gpu = cuda::probe_gpu();
  const DeviceChoice choice = choose_device("auto");
  EXPECT_EQ(choice.device, gpu.usable ? Device::cuda : Device::cpu);
  EXPECT_NE(gpu.line, "");
  expect_names(choice.reason, gpu.line);
  EXPECT_EQ(choose_device("cpu").reason, "");
}

TEST(Devices, RefusesWhatIsNotThere) {
  const cuda::GpuProbe gpu = cuda::probe_gpu();
  if (!gpu.usable) expect_names(usage_error_of([] { choose_device("cuda"); }), gpu.line);
  expect_names(usage_error_of([] { choose_device("gpu"); }), "expected auto, cuda or cpu");
}

TEST(Devices, DescriptionHasOneLinePerDeviceAndOneForTheBuild) {
  const std::string text = describe_devices();
  EXPECT_EQ(text.rfind("cpu ", 0), 0u);
  expect_names(text, "\ncuda ");
  expect_names(text, "\nbuild  CPU learner, " + cuda::kernels_in_this_build());
}

TEST(Devices, PrecisionsAndWaysToMultiplyGoByTheirNames) {
  for (const char* name : {"fp32", "tf32", "bf16"}) {
    EXPECT_STREQ(precision_name(choose_precision(Device::cuda, name)), name);
  }
  EXPECT_EQ(choose_precision(Device::cpu, "auto"), Precision::fp32);
  expect_names(usage_error_of([] { choose_precision(Device::cpu, "fp64"); }),
               "--precision fp64: expected auto, fp32, tf32 or bf16");
  for (const char* name : {"fused", "cublas"}) EXPECT_STREQ(mlp_name(choose_mlp(name)), name);
  expect_names(usage_error_of([] { choose_mlp("magma"); }),
               "--mlp magma: expected fused or cublas");
}

TEST(Devices, TheCpuHasNoTf32) {
  LearnerConfig config;
  config.shape = {.obs = 3, .act = 1, .hidden = 20};
  config.precision = Precision::tf32;
  EXPECT_EQ(usage_error_of([&] { make_learner(Device::cpu, config); }),
            "precision tf32: the CPU computes in fp32 or bf16");
}

TEST(Devices, SayWhichWidthsAreFused) {
  LearnerConfig config;
  config.shape = {.obs = 3, .act = 1, .hidden = 20};
  expect_names(usage_error_of([&] { make_learner(Device::cuda, config); }),
               "hidden 20: expected 32, 64, 128 or 256 on the GPU; mlp cublas and the CPU take");
}

TEST(Devices, RefuseWhatDoesNotFitTheMemoryBeforeTheyAllocate) {
  LearnerConfig config;
  config.environment = -1;
  config.shape = {.obs = 3, .act = 1, .hidden = 4096};
  config.agents = 4096;
  for (const std::string& error : {usage_error_of([&] { make_learner(Device::cpu, config); }),
                                   usage_error_of([&] { make_reference_learner(config); })}) {
    expect_names(error, "too large for memory: hidden 4096, batch 256, envs 4096, agents 4096");
    expect_names(error, " GB, this machine has ");
  }
}

TEST(Devices, CublasIsForTheGpu) {
  LearnerConfig config;
  config.shape = {.obs = 3, .act = 1, .hidden = 20};
  config.mlp = Mlp::cublas;
  expect_names(usage_error_of([&] { make_learner(Device::cpu, config); }),
               "mlp cublas: needs a GPU; the CPU expects fused");
}

}  // namespace
}  // namespace sac::devices
