#include "host/training/run_directory.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "host/base/usage_error.h"
#include "host/files/atomic_file.h"
#include "host/files/checkpoint.h"
#include "host/training/metrics.h"
#include "host/training/outcomes.h"
#include "host/training/provenance.h"

namespace sac::training {
namespace fs = std::filesystem;
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kBest = "best";

void create(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    throw UsageError(
        fmt::format("--out {}: cannot be created: {}", directory.string(), error.message()));
  }
}

// A directory of this name that did not exist before, so that two runs never share one.
fs::path create_fresh(const fs::path& name) {
  if (name.has_parent_path()) create(name.parent_path());
  fs::path candidate = name;
  for (int i = 2; !fs::create_directory(candidate); ++i) {
    candidate = fmt::format("{}-{}", name.string(), i);
  }
  return candidate;
}

fs::path default_name(const TrainConfig& config) {
  return fmt::format("runs/{}-{}-{:%Y%m%dT%H%M%SZ}",
                     environment_info(config.learner.environment).id, config.learner.seed,
                     fmt::gmtime(std::time(nullptr)));
}

// "<kind>.safetensors" of agent 0, "<kind>_agent<P>.safetensors".
std::string policy_name(const std::string& kind, int agent) {
  return agent == 0 ? kind + ".safetensors" : fmt::format("{}_agent{}.safetensors", kind, agent);
}

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(in), {});
  if (!in) {
    throw UsageError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  }
  return content;
}

// A run that goes on elsewhere takes its policies along.
void copy_policies(const TrainConfig& config, const fs::path& to) {
  for (int p = 0; p < config.learner.agents; ++p) {
    for (const char* kind : {kCheckpoint, kBest}) {
      const fs::path from = config.resumed / policy_name(kind, p);
      std::error_code error;
      if (!fs::exists(from, error)) continue;
      files::write_file_atomically(to / from.filename(), content_of(from));
    }
  }
}

bool goes_on_in_place(const TrainConfig& config) {
  std::error_code error;
  return !config.resumed.empty() && fs::equivalent(config.resumed, config.out, error);
}

void require_writable(const std::string& name, fs::path existing) {
  std::error_code error;
  while (!fs::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, error)) {
    throw UsageError(fmt::format("--out {}: {} is not a directory", name, existing.string()));
  }
  if (access(existing.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(fmt::format("--out {}: {} is not writable", name, existing.string()));
  }
}

void write_json(const fs::path& path, const json& content) {
  files::write_file_atomically(path,
                               content.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
}

template <class T>
json number_or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json agent_summary(const RunRecord& record, size_t p) {
  const AgentRecord& agent = record.agents[p];
  const auto number = [](double x) { return std::isfinite(x) ? json(x) : json(); };
  const auto if_any = [&](const Returns& r, double x) {
    return r.episodes > 0 ? number(x) : json();
  };
  return {{"failure", record.failed(p) ? json(record.failures[p]) : json()},
          {"eval_return_mean", if_any(agent.returns, agent.returns.mean)},
          {"eval_return_std", if_any(agent.returns, agent.returns.std)},
          {"best_return_mean", if_any(agent.best, agent.best.mean)},
          {"best_return_std", if_any(agent.best, agent.best.std)},
          {"best_episodes", agent.best.episodes},
          {"solved", agent.solved()},
          {"seconds_to_solve", number_or_null(agent.seconds_to_solve)},
          {"updates_to_solve", number_or_null(agent.updates_to_solve)}};
}

}  // namespace

void require_usable_run_directory(const fs::path& directory) {
  const std::string name = directory.empty() ? "runs" : directory.string();
  std::error_code error;
  for (const std::string& file :
       {std::string(kConfigFile), std::string(kMetricsFile), std::string(kSummaryFile),
        policy_name(kCheckpoint, 0), policy_name(kBest, 0), std::string(kStateFile)}) {
    if (!directory.empty() && fs::exists(directory / file, error)) {
      throw UsageError(fmt::format(
          "--out {}: holds a run already ({}); choose another directory, or go on with --resume {}",
          name, file, name));
    }
  }
  require_writable(name, fs::absolute(name, error));
}

void require_usable_run_directory(const TrainConfig& config) {
  if (goes_on_in_place(config)) {
    require_writable(config.out.string(), config.out);
  } else {
    require_usable_run_directory(config.out);
  }
}

fs::path policy_file(const fs::path& path, int agent) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  for (const char* kind : {kBest, kCheckpoint}) {
    const fs::path file = path / policy_name(kind, agent);
    if (fs::exists(file, error)) return file;
  }
  if (fs::exists(path / kConfigFile, error) && !fs::exists(path / kSummaryFile, error)) {
    throw UsageError(
        fmt::format("{}: the run has no policy yet: the first one comes with its first evaluation",
                    path.string()));
  }
  throw UsageError(fmt::format("{}: holds no policy: neither {} nor {}", path.string(),
                               policy_name(kBest, agent), policy_name(kCheckpoint, agent)));
}

RunDirectory::RunDirectory(const TrainConfig& config, const std::string& device_description,
                           const std::string& metrics)
    : config_(config), metrics_(metrics.empty() ? metrics_header() : metrics) {
  require_usable_run_directory(config);
  if (config.out.empty()) {
    path_ = create_fresh(default_name(config));
  } else {
    create(path_ = config.out);
  }
  if (goes_on_in_place(config)) {
    files::remove_stale_temporaries(path_);
  } else if (!config.resumed.empty()) {
    copy_policies(config, path_);
  }
  json content = to_json(config);
  content["device_description"] = device_description;
  content["provenance"] = provenance();
  write_json(path_ / kConfigFile, content);
  files::write_file_atomically(path_ / kMetricsFile, metrics_);
  tensorboard_.emplace(config_, path_, writes_);
}

void RunDirectory::add_evaluation(const RunRecord& record) {
  std::string rows;
  for (size_t p = 0; p < record.agents.size(); ++p) {
    if (!record.evaluated(p)) continue;
    const Evaluated evaluated{record, record.agents[p], p, record.replay_fill(config_.learner),
                              config_.learner.shape.algorithm};
    rows += metrics_row(evaluated);
    tensorboard_->add(evaluated);
  }
  writes_.retry();  // before the rows are there, which it would write too
  metrics_ += rows;
  writes_.write(kMetricsFile, [this, rows] { write_metrics(rows); });
}

// Rows are added to the file while all is well; after a failure it is written anew.
void RunDirectory::write_metrics(const std::string& rows) {
  if (std::exchange(metrics_complete_, false)) {
    files::append_to_file(path_ / kMetricsFile, rows);
  } else {
    files::write_file_atomically(path_ / kMetricsFile, metrics_);
  }
  metrics_complete_ = true;
}

void RunDirectory::write_checkpoint(int agent, const AgentState& state, const RunRecord& record) {
  write_policy(policy_name(kCheckpoint, agent), agent, state, record);
}

void RunDirectory::write_best(int agent, const AgentState& state, const RunRecord& record) {
  write_policy(policy_name(kBest, agent), agent, state, record);
}

void RunDirectory::write_policy(const std::string& name, int agent, const AgentState& state,
                                const RunRecord& record) {
  const files::Metadata metadata{{"env", environment_info(config_.learner.environment).id},
                                 {"seed", fmt::format("{}", config_.learner.seed)},
                                 {"agent", fmt::format("{}", agent)},
                                 {"env_steps", fmt::format("{}", record.env_steps)}};
  writes_.write(name, [this, name, state, metadata] {
    files::write_checkpoint_file(path_ / name, config_.learner, state, metadata);
  });
}

void RunDirectory::save_state(Snapshot snapshot, const RunRecord& record) {
  collect_state();
  writes_.retry();
  // A run that went on from a state newer than its policies would never write those again: it goes
  // on from the state before, and comes by them once more.
  held_back_.reset();
  RunState state{std::move(snapshot), record, metrics_};
  if (policy_missing()) {
    held_back_ = std::move(state);
  } else {
    write_state(std::move(state));
  }
}

void RunDirectory::write_state(RunState state) {
  state_ = std::async(std::launch::async, [this, saved = std::move(state)] {
    write_state_file(path_ / kStateFile, config_, saved);
  });
}

bool RunDirectory::policy_missing() const {
  for (int p = 0; p < config_.learner.agents; ++p) {
    if (writes_.failed(policy_name(kCheckpoint, p)) || writes_.failed(policy_name(kBest, p))) {
      return true;
    }
  }
  return false;
}

bool RunDirectory::saving() const {
  return state_.valid() && state_.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
}

// The next state comes of itself: there is nothing to try again with an old one.
void RunDirectory::collect_state() {
  if (state_.valid()) writes_.write(kStateFile, [outcome = state_.share()] { outcome.get(); });
}

std::optional<std::string> RunDirectory::finish() {
  collect_state();
  writes_.retry();
  if (held_back_ && !policy_missing()) {
    write_state(*std::exchange(held_back_, std::nullopt));
    collect_state();
  }
  return writes_.failure();
}

std::vector<std::string> RunDirectory::news() {
  if (!saving()) collect_state();
  return writes_.news();
}

void RunDirectory::write_summary(const RunRecord& record) {
  const LearnerConfig& c = config_.learner;
  const bool evaluated = record.returns.episodes > 0;
  const auto if_evaluated = [&](double value) { return evaluated ? json(value) : json(); };
  json agents = json::array();
  for (size_t p = 0; p < record.agents.size(); ++p) agents.push_back(agent_summary(record, p));
  const json content = {{"env", environment_info(c.environment).id},
                        {"device", devices::device_name(config_.device.device)},
                        {"seed", c.seed},
                        {"envs", c.envs},
                        {"agents", c.agents},
                        {"hidden", c.shape.hidden},
                        {"batch", c.batch},
                        {"env_steps", record.env_steps},
                        {"updates", record.updates},
                        {"wall_seconds", record.wall_seconds},
                        {"train_seconds", record.train_seconds},
                        {"env_steps_per_second", record.env_steps_per_second()},
                        {"updates_per_second", record.updates_per_second()},
                        {"eval_return_mean", if_evaluated(record.returns.mean)},
                        {"eval_return_std", if_evaluated(record.returns.std)},
                        {"eval_episodes", evaluated ? config_.eval_episodes : 0},
                        {"eval_at_threshold", evaluated ? json(record.at_threshold) : json()},
                        {"target_return", config_.target_return},
                        {"solved", record.seconds_to_solve().has_value()},
                        {"seconds_to_solve", number_or_null(record.seconds_to_solve())},
                        {"replay_ratio", replay_ratio(c)},
                        {"preset", config_.preset},
                        {"stop_reason", stop_reason_name(record.stop)},
                        {"over_agents", to_json(compare(outcomes(record)))},
                        {"agent_results", agents}};
  tensorboard_->finish(record.stop != StopReason::diverged);
  writes_.write(kSummaryFile, [this, content] { write_json(path_ / kSummaryFile, content); });
}

}  // namespace sac::training
