// A training run with the fake learner.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "host/files/safetensors.h"
#include "host/training/interrupts.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/trainer.h"
#include "tests/support/fake_learner.h"
#include "tests/support/temporary_directory.h"

namespace sac::training {

/// On Pendulum-v1: 10 environments, 5 updates per vector step.
class TrainerRun : public testing::Test {
 protected:
  TrainerRun() {
    options.env = "Pendulum-v1";
    options.device = "cpu";
    options.preset = "article";
    options.envs = 10;
    options.updates_per_step = 5;
    options.hidden = 8;
    options.batch = 16;
    options.warmup = 45;
    options.eval_every = 100;
    options.quiet = true;
    options.out = (directory / "run").string();
  }

  RunRecord run() {
    const TrainConfig config = resolve(options);
    learner = std::make_unique<FakeLearner>(config.learner);
    prepare(*learner);
    const Interrupts interrupts;
    RunDirectory files(config, "a fake");
    ProgressDisplay display(config, ProgressMode::lines, printed);
    const Callbacks callbacks{.interrupted = [&] { return interrupts.signal() != 0; },
                              .evaluated = evaluated};
    const RunRecord record = Trainer(config, *learner, files, display, callbacks).run();
    failure = files.finish();
    return record;
  }

  std::vector<int64_t> evaluated_at() const {
    std::vector<int64_t> updates;
    for (const auto& call : learner->evaluations) updates.push_back(call.updates);
    return updates;
  }

  std::string updates_of(const std::string& name) const {
    return files::SafetensorsFile(directory / "run" / name).metadata("updates");
  }

  bool exists(const std::string& name) const {
    return std::filesystem::exists(directory / "run" / name);
  }

  TemporaryDirectory directory;
  TrainOptions options;
  std::function<void(const RunRecord&)> evaluated;
  std::function<void(FakeLearner&)> prepare = [](FakeLearner&) {};
  std::unique_ptr<FakeLearner> learner;
  std::optional<std::string> failure;  ///< a file that could not be written
  std::ostringstream printed;
};

}  // namespace sac::training
