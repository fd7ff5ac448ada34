#include "host/devices.h"

#include <gtest/gtest.h>

#include "host/cuda/gpu.h"
#include "tests/usage_error_of.h"

namespace sac {
namespace {

TEST(Devices, AutoTakesAWorkingGpuAndSaysWhyOrWhyNot) {
  const GpuProbe gpu = probe_gpu();
  const DeviceChoice choice = choose_device("auto");
  EXPECT_EQ(choice.device, gpu.usable ? Device::cuda : Device::cpu);
  EXPECT_NE(gpu.line, "");
  expect_names(choice.reason, gpu.line);
  EXPECT_EQ(choose_device("cpu").reason, "");
}

TEST(Devices, RefusesWhatIsNotThere) {
  const GpuProbe gpu = probe_gpu();
  if (!gpu.usable) expect_names(usage_error_of([] { choose_device("cuda"); }), gpu.line);
  expect_names(usage_error_of([] { choose_device("gpu"); }), "expected auto, cuda or cpu");
}

TEST(Devices, DescriptionHasOneLinePerDevice) {
  const std::string text = describe_devices();
  EXPECT_EQ(text.rfind("cpu ", 0), 0u);
  expect_names(text, "\ncuda ");
}

TEST(Devices, SayWhichWidthsAreFused) {
  LearnerConfig config;
  config.shape = {.obs = 3, .act = 1, .hidden = 20};
  expect_names(usage_error_of([&] { make_learner(Device::cuda, config); }),
               "--hidden 20: expected 32, 64, 128 or 256");
}

}  // namespace
}  // namespace sac
