#include "host/sweep/launch.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "host/base/snapshot.h"
#include "host/base/usage_error.h"
#include "host/files/json_text.h"
#include "host/files/safetensors.h"
#include "host/sweep/launch_files.h"
#include "host/training/state_file.h"

namespace sac::sweep {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;
using training::RunRecord;
using training::RunState;
using training::TrainConfig;

fs::path state_path(const Plan& plan, int trial) {
  return plan.directory / trial_name(trial) / training::kStateFile;
}

bool has_state(const Plan& plan, int trial) {
  std::error_code error;
  return fs::exists(state_path(plan, trial), error);
}

/// Stands for an agent that is not trained.
AgentSnapshot blank_agent(const LearnerConfig& c, const Progress& progress) {
  const std::vector<float> parameters(agent_stride(c.shape));
  return {.parameters = parameters,
          .adam_m = parameters,
          .adam_v = parameters,
          .replay = std::vector<float>(replay_scalars(c, progress)),
          .environments = std::vector<float>(environment_scalars(c)),
          .episode_steps = std::vector<int32_t>(c.envs),
          .episode_returns = std::vector<float>(2 * c.envs),
          .losses = {}};
}

/// The state of all agents of a launch, put together from those of its trials.
class JoinedState {
 public:
  explicit JoinedState(const TrainConfig& launch) {
    record_.agents.resize(launch.learner.agents);
    record_.failures.resize(launch.learner.agents);
    for (training::AgentRecord& agent : record_.agents) agent.retired = true;
  }

  /// A trial that begins.
  void begin(const LaunchedTrial& trial) {
    for (int i = 0; i < trial.config.learner.agents; ++i) {
      record_.agents[trial.first_agent + i].retired = false;
    }
  }

  /// A trial that goes on.
  void go_on(const LaunchedTrial& trial, RunState state) {
    RunRecord joined = state.record;
    joined.train_seconds = std::max(joined.train_seconds, record_.train_seconds);
    joined.wall_seconds = std::max(joined.wall_seconds, record_.wall_seconds);
    joined.agents = std::move(record_.agents);
    joined.failures = std::move(record_.failures);
    record_ = std::move(joined);
    state.record.agents.resize(trial.config.learner.agents);
    state.record.failures.resize(trial.config.learner.agents);
    std::ranges::move(state.record.agents, record_.agents.begin() + trial.first_agent);
    std::ranges::move(state.record.failures, record_.failures.begin() + trial.first_agent);
    snapshot_.progress = state.snapshot.progress;
    snapshot_.agents.resize(record_.agents.size());
    std::ranges::move(state.snapshot.agents, snapshot_.agents.begin() + trial.first_agent);
  }

  /// Into a fresh learner, unless all begin; the record to go on with.
  RunRecord restore(Learner& learner, const LearnerConfig& config) && {
    for (AgentSnapshot& agent : snapshot_.agents) {
      if (agent.parameters.empty()) agent = blank_agent(config, snapshot_.progress);
    }
    if (!snapshot_.agents.empty()) learner.restore(snapshot_);
    return std::move(record_);
  }

 private:
  Snapshot snapshot_;
  RunRecord record_;
};

}  // namespace

void launch(const Plan& plan, std::span<const int> trials, size_t rung,
            training::TrainingView& view, const training::Callbacks& callbacks) {
  TrainConfig together = trial_config(plan, trials.front(), rung);
  const int span = trials.back() - trials.front() + 1;
  together.learner.agents = span * plan.seeds;
  together.own.assign(together.learner.agents, together.learner.hyper);

  std::vector<LaunchedTrial> launched;
  JoinedState joined(together);
  const bool fresh = moment_of(plan, trials.front()) == Moment{};
  for (const int t : trials) {
    LaunchedTrial& trial = launched.emplace_back(
        LaunchedTrial{trial_config(plan, t, rung), (t - trials.front()) * plan.seeds});
    std::fill_n(together.own.begin() + trial.first_agent, plan.seeds, trial.config.learner.hyper);
    if (fresh) {
      joined.begin(trial);
      continue;
    }
    RunState state = training::StateFile(state_path(plan, t)).read(trial.config);
    trial.metrics = std::move(state.metrics);
    joined.go_on(trial, std::move(state));
  }
  const std::unique_ptr<Learner> learner =
      devices::make_learner(together.device.device, together.learner);
  const RunRecord record = std::move(joined).restore(*learner, together.learner);
  LaunchFiles files(launched, learner->description());
  training::Trainer(together, *learner, files, view, callbacks, record).run();
  if (const auto failure = files.finish()) throw std::runtime_error(*failure);
}

Moment moment_of(const Plan& plan, int trial) {
  if (!has_state(plan, trial)) return {};
  const files::SafetensorsFile file(state_path(plan, trial));
  try {
    const json record = files::parse_json<json>(file.metadata("record"));
    return {std::stoll(file.metadata("vector_steps")), std::stoll(file.metadata("updates")),
            record.at("evaluations").get<int64_t>()};
  } catch (const std::exception& error) {
    throw UsageError(file.path() + ": holds no run's state: " + error.what());
  }
}

bool trained(const Plan& plan, int trial, size_t rung) {
  std::ifstream in(plan.directory / trial_name(trial) / training::kSummaryFile);
  const json summary = json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!summary.is_object()) return false;
  const std::string stop = summary.value("stop_reason", "");
  if (stop == "updates")
    return plan.rungs.empty() || summary.value("updates", int64_t{0}) >= plan.rungs[rung];
  return stop == "solved" || stop == "diverged" || stop == "steps";
}

}  // namespace sac::sweep
