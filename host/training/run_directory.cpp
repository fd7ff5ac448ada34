#include "host/training/run_directory.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "host/base/usage_error.h"
#include "host/files/atomic_file.h"
#include "host/files/checkpoint.h"
#include "host/training/provenance.h"

namespace sac::training {
namespace fs = std::filesystem;
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kConfig = "config.json";
constexpr const char* kMetrics = "metrics.csv";
constexpr const char* kSummary = "summary.json";
constexpr const char* kCheckpoint = "checkpoint.safetensors";
constexpr const char* kMetricsHeader =
    "agent,env_steps,updates,train_seconds,wall_seconds,eval_return_mean,eval_return_std,"
    "eval_return_min,eval_return_max,eval_length_mean,loss_v,loss_pi,loss_q1,loss_q2\n";

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

void write_json(const fs::path& path, const json& content) {
  files::write_file_atomically(path,
                               content.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
}

void append(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::app);
  out << text;
  out.close();
  if (!out) {
    throw std::runtime_error(
        fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  }
}

json number_or_null(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

json agent_summary(const AgentRecord& agent) {
  return {{"eval_return_mean", agent.returns.mean},
          {"eval_return_std", agent.returns.std},
          {"seconds_to_solve", number_or_null(agent.seconds_to_solve)}};
}

}  // namespace

void require_usable_run_directory(const fs::path& directory) {
  const std::string name = directory.empty() ? "runs" : directory.string();
  std::error_code error;
  for (const char* file : {kConfig, kMetrics, kSummary, kCheckpoint}) {
    if (!directory.empty() && fs::exists(directory / file, error)) {
      throw UsageError(
          fmt::format("--out {}: holds a run already ({}); choose another directory", name, file));
    }
  }
  fs::path existing = fs::absolute(name, error);
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

RunDirectory::RunDirectory(const TrainConfig& config, const std::string& device_description)
    : config_(config) {
  require_usable_run_directory(config.out);
  if (config.out.empty()) {
    path_ = create_fresh(default_name(config));
  } else {
    create(path_ = config.out);
  }
  json content = to_json(config);
  content["device_description"] = device_description;
  content["provenance"] = provenance();
  write_json(path_ / kConfig, content);
  files::write_file_atomically(path_ / kMetrics, kMetricsHeader);
}

void RunDirectory::add_evaluation(const RunRecord& record) {
  std::string rows;
  for (size_t p = 0; p < record.agents.size(); ++p) {
    const Returns& r = record.agents[p].returns;
    const Losses& l = record.agents[p].losses;
    rows += fmt::format("{},{},{},{:.6f},{:.6f},{},{},{},{},{},{},{},{},{}\n", p, record.env_steps,
                        record.updates, record.train_seconds, record.wall_seconds, r.mean, r.std,
                        r.min, r.max, r.mean_length, l.v, l.pi, l.q1, l.q2);
  }
  append(path_ / kMetrics, rows);
}

void RunDirectory::write_checkpoint(int agent, const AgentState& state, const RunRecord& record) {
  const std::string name =
      agent == 0 ? kCheckpoint : fmt::format("checkpoint_agent{}.safetensors", agent);
  files::write_checkpoint_file(path_ / name, config_.learner, state,
                               {{"env", environment_info(config_.learner.environment).id},
                                {"seed", fmt::format("{}", config_.learner.seed)},
                                {"agent", fmt::format("{}", agent)},
                                {"env_steps", fmt::format("{}", record.env_steps)}});
}

void RunDirectory::write_summary(const RunRecord& record) {
  const LearnerConfig& c = config_.learner;
  const bool evaluated = !record.agents.empty();
  const auto if_evaluated = [&](double value) { return evaluated ? json(value) : json(); };
  json agents = json::array();
  for (const AgentRecord& agent : record.agents) agents.push_back(agent_summary(agent));
  write_json(path_ / kSummary,
             {{"env", environment_info(c.environment).id},
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
              {"solved", record.seconds_to_solve.has_value()},
              {"seconds_to_solve", number_or_null(record.seconds_to_solve)},
              {"replay_ratio", replay_ratio(c)},
              {"preset", config_.preset},
              {"stop_reason", stop_reason_name(record.stop)},
              {"agent_results", agents}});
}

}  // namespace sac::training
