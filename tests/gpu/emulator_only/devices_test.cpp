// What `auto` does where there is a GPU: the emulator is one that everybody has.
#include "host/devices/devices.h"

#include <gtest/gtest.h>

#include "tests/support/usage_error_of.h"

namespace sac::devices {
namespace {

LearnerConfig of_width(int hidden) {
  LearnerConfig config;
  config.environment = -1;
  config.shape = {.obs = 3, .act = 1, .hidden = hidden};
  return config;
}

TEST(DevicesWithAGpu, AutoTakesTheGpuForWhatItServes) {
  LearnerConfig fused = of_width(32), any_width = of_width(20);
  EXPECT_EQ(choose({"auto", "auto", "fused"}, fused).device, Device::cuda);
  EXPECT_EQ(fused.precision, Precision::tf32);
  EXPECT_EQ(choose({"auto", "fp32", "cublas"}, any_width).device, Device::cuda);
  EXPECT_EQ(any_width.mlp, Mlp::cublas);
}

TEST(DevicesWithAGpu, AutoTakesTheCpuForAWidthThatTheGpuDoesNotServe) {
  LearnerConfig config = of_width(20);
  const DeviceChoice choice = choose({"auto", "auto", "fused"}, config);
  EXPECT_EQ(choice.device, Device::cpu);
  expect_names(choice.reason, "using the CPU: hidden 20: expected 32, 64, 128 or 256 on the GPU");
  EXPECT_EQ(config.precision, Precision::fp32) << "auto's on the CPU";
  make_learner(choice.device, config);
}

TEST(DevicesWithAGpu, WhatTheUserNamesOrNobodyServesIsRefused) {
  for (const Request& request :
       {Request{"cuda", "fp32", "fused"}, Request{"auto", "tf32", "fused"}}) {
    LearnerConfig config = of_width(20);
    const DeviceChoice choice = choose(request, config);
    expect_names(usage_error_of([&] { make_learner(choice.device, config); }),
                 "hidden 20: expected");
  }
}

}  // namespace
}  // namespace sac::devices
