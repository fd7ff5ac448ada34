#include "host/training/tensorboard_log.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "host/files/atomic_file.h"
#include "host/tensorboard/events.h"

namespace sac::training {
namespace {

using tensorboard::Hyperparameter;

// Lists, objects and what is not set are none.
std::map<std::string, Hyperparameter> hyperparameters(const TrainConfig& config, size_t agent) {
  std::map<std::string, Hyperparameter> all;
  const nlohmann::ordered_json content = to_json(config);
  for (const auto& [name, value] : content.items()) {
    if (value.is_boolean()) all[name] = value.get<bool>();
    if (value.is_number()) all[name] = value.get<double>();
    if (value.is_string()) all[name] = value.get<std::string>();
  }
  all["agent"] = static_cast<double>(agent);
  return all;
}

constexpr std::string_view kShownBesideHyperparameters[] = {"eval/mean_reward",
                                                            "time/time_elapsed"};

}  // namespace

TensorboardLog::TensorboardLog(const TrainConfig& config,
                               const std::filesystem::path& run_directory, RetriedWrites& writes)
    : config_(config), directory_(run_directory), writes_(writes) {
  const std::string name = tensorboard::file_name(tensorboard::now());
  for (int p = 0; p < config.learner.agents; ++p) {
    const auto folder = p == 0 ? directory_ : directory_ / fmt::format("agent{}", p);
    files_.push_back({folder / name, "", false});
  }
}

void TensorboardLog::add(const Evaluated& e) {
  const double time = tensorboard::now();
  std::string records;
  if (!files_[e.number].begun) {
    records = tensorboard::first_records(
        time, e.record.env_steps, hyperparameters(config_, e.number), kShownBesideHyperparameters);
    files_[e.number].begun = true;
  }
  std::vector<tensorboard::Scalar> scalars;
  for (const Metric& metric : metrics()) {
    if (*metric.tag == '\0') continue;
    if (const auto value = metric.value(e)) scalars.push_back({metric.tag, *value});
  }
  write(e.number, records + tensorboard::scalars_record(time, e.record.env_steps, scalars));
}

void TensorboardLog::finish(bool success) {
  const std::string end = tensorboard::last_record(tensorboard::now(), success);
  for (size_t p = 0; p < files_.size(); ++p) {
    if (files_[p].begun) write(p, end);
  }
}

void TensorboardLog::write(size_t agent, const std::string& records) {
  File& file = files_[agent];
  file.pending += records;
  const std::string name = file.path.lexically_relative(directory_).string();
  writes_.write(name, [this, agent, &file] {
    // The run's own is there, or was removed and is not to come back.
    if (agent > 0) std::filesystem::create_directory(file.path.parent_path());
    files::append_to_file(file.path, file.pending);
    file.pending.clear();
  });
}

}  // namespace sac::training
