#include "host/training/interrupts.h"

#include <gtest/gtest.h>

#include <csignal>

namespace sac::training {
namespace {

TEST(Interrupts, RemembersTheSignal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Interrupts interrupts;
    EXPECT_EQ(interrupts.signal(), 0);
    std::raise(signal);
    EXPECT_EQ(interrupts.signal(), signal);
  }
}

TEST(InterruptsDeathTest, ASecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupts interrupts;
        std::raise(SIGTERM);
        std::raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(InterruptsDeathTest, NobodyListensAfterwards) {
  EXPECT_EXIT(
      {
        { const Interrupts interrupts; }
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace sac::training
