#include "host/training/interrupts.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/support/send_signal.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

TEST(Interrupts, RemembersTheSignal) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU}) {
    const Interrupts interrupts;
    EXPECT_EQ(interrupts.signal(), 0);
    send_signal(signal);
    EXPECT_EQ(interrupts.signal(), signal);
  }
}

TEST(InterruptsDeathTest, ASecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupts interrupts;
        send_signal(SIGTERM);
        send_signal(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

// `timeout` and `make` have a whole group signalled, and some of its processes twice.
TEST(Interrupts, TheSameSignalAtOnceIsTheSameEvent) {
  const Interrupts interrupts;
  send_signal(SIGTERM);
  send_signal(SIGTERM);
  EXPECT_EQ(interrupts.signal(), SIGTERM);
}

TEST(InterruptsDeathTest, TheSameSignalLaterEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupts interrupts;
        send_signal(SIGTERM);
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        send_signal(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(Interrupts, LeavesASignalAloneThatWasIgnored) {
  std::signal(SIGHUP, SIG_IGN);
  {
    const Interrupts interrupts;
    send_signal(SIGHUP);
    EXPECT_EQ(interrupts.signal(), 0);
  }
  EXPECT_EQ(std::signal(SIGHUP, SIG_DFL), SIG_IGN);
}

TEST(Interrupts, SayAtOnceWhatIsBeingDone) {
  testing::internal::CaptureStdout();
  {
    const Interrupts interrupts(Interrupts::Announcement::line);
    send_signal(SIGUSR1);
  }
  expect_names(testing::internal::GetCapturedStdout(), "SIGUSR1: finishing the step and saving");
}

TEST(InterruptsDeathTest, NobodyListensAfterwards) {
  EXPECT_EXIT(
      {
        { const Interrupts interrupts; }
        send_signal(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace sac::training
