#include "host/gradcheck/gradcheck.h"

#include <fmt/ostream.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <vector>

#include "host/base/algorithms.h"
#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/gradcheck/check_start.h"
#include "host/training/progress.h"

namespace sac::commands {
namespace {

/// Says how far the work is once it has taken a second: in place on a terminal, else every ten.
class WorkDisplay {
 public:
  ~WorkDisplay() {
    if (mode_ == training::ProgressMode::live && drawn_) fmt::print(std::cout, "\r\033[K");
  }

  void operator()(double share) {
    const bool live = mode_ == training::ProgressMode::live;
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> silent = now - last_, elapsed = now - begin_;
    if (silent.count() < (live && drawn_ ? 0.1 : live ? 1.0 : 10.0)) return;
    last_ = now;
    drawn_ = true;
    fmt::print(std::cout, "{}finite differences: {:.0f} %, {:.0f} s left{}", live ? "\r\033[K" : "",
               100 * share, elapsed.count() * (1 - share) / share, live ? "" : "\n");
    std::cout.flush();
  }

 private:
  using Clock = std::chrono::steady_clock;
  const training::ProgressMode mode_ = training::progress_mode(false);
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point last_ = begin_;
  bool drawn_ = false;
};

/// Prints one learner's checks; returns how many failed.
int print_checks(const char* learner, const std::vector<sac::gradcheck::Check>& checks) {
  int failed = 0;
  for (const sac::gradcheck::Check& c : checks) {
    fmt::print(std::cout, "{:<10}{:<31}{:<20}{:>9.1e}{:>11.1e}{:>6.1f} %  {}\n", learner,
               c.quantity, c.against, c.worst.error, c.worst.allowance, 100 * c.worst.share(),
               c.passed() ? "pass" : "FAIL");
    failed += c.passed() ? 0 : 1;
  }
  return failed;
}

}  // namespace

GradcheckResult check_learner(const GradcheckOptions& o,
                              const std::function<void(const GradcheckResult&)>& begin,
                              const sac::gradcheck::ReportShare& report) {
  LearnerConfig config = sac::gradcheck::check_config(o.shape, o.batch, o.seed);
  const devices::DeviceChoice choice = devices::choose(o.compute, config);
  const auto learner = devices::make_learner(choice.device, config);
  const auto reference = devices::make_reference_learner(config);
  GradcheckResult result{{}, learner->description(), reference->description(), choice.reason};
  begin(result);
  result.checks = sac::gradcheck::check_gradients(config, *learner, *reference, report);
  return result;
}

int gradcheck(const GradcheckOptions& o) {
  const LogStdRange clamp = sac::gradcheck::check_config(o.shape, o.batch, o.seed).hyper.log_std;
  const auto introduce = [&](const GradcheckResult& r) {
    if (!r.reason.empty()) fmt::print(std::cout, "{}\n", r.reason);
    fmt::print(
        std::cout,
        "learner: {}\nreference: {}\n{}, obs {}, act {}, hidden {}, batch {}, seed {}, log-std "
        "clamped to [{}, {}]\n\n",
        r.learner, r.reference, algorithm_name(o.shape.algorithm), o.shape.obs, o.shape.act,
        o.shape.hidden, o.batch, o.seed, clamp.low, clamp.high);
    std::cout.flush();
  };
  sac::gradcheck::CheckedLearners checks;
  {
    WorkDisplay display;
    checks = check_learner(o, introduce, std::ref(display)).checks;
  }
  fmt::print(std::cout, "{:<10}{:<31}{:<20}{:>9}{:>11}{:>8}\n", "whose", "what", "against", "error",
             "allowance", "used");
  const int failed =
      print_checks("learner", checks.learner) + print_checks("reference", checks.reference);
  const size_t all = checks.learner.size() + checks.reference.size();
  if (failed == 0) {
    fmt::print(std::cout, "\nall {} checks passed\n", all);
  } else {
    fmt::print(std::cout, "\n{} of {} checks FAILED\n", failed, all);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace sac::commands
