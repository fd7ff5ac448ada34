#include "host/devices.h"

#include <gtest/gtest.h>

#include "tests/usage_error_of.h"

namespace sac {
namespace {

TEST(Devices, AutoSaysWhyItTakesTheCpu) {
  const DeviceChoice choice = choose_device("auto");
  EXPECT_EQ(choice.device, Device::cpu);
  expect_names(choice.reason, "no CUDA learner");
  EXPECT_EQ(choose_device("cpu").reason, "");
}

TEST(Devices, RefusesWhatIsNotThere) {
  expect_names(usage_error_of([] { choose_device("cuda"); }), "no CUDA learner");
  expect_names(usage_error_of([] { choose_device("gpu"); }), "expected auto, cuda or cpu");
}

TEST(Devices, DescriptionHasOneLinePerDevice) {
  const std::string text = describe_devices();
  EXPECT_EQ(text.rfind("cpu ", 0), 0u);
  expect_names(text, "\ncuda ");
}

}  // namespace
}  // namespace sac
