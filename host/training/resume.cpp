#include "host/training/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "host/base/limits.h"
#include "host/base/usage_error.h"
#include "host/files/format_version.h"
#include "host/files/json_text.h"
#include "host/ranks/ranks.h"
#include "host/training/run_directory.h"

namespace sac::training {
namespace fs = std::filesystem;
namespace {

using json = nlohmann::ordered_json;

// What makes a run the run it is: visit(key of config.json, option, its range).
template <class Visit>
void for_each_fixed(const Visit& visit) {
  using O = TrainOptions;
  visit("env", &O::env);
  visit("preset", &O::preset);
  visit("algorithm", &O::algorithm);
  visit("seed", &O::seed, allowed::seed);
  visit("envs", &O::envs, allowed::envs);
  visit("agents", &O::agents, allowed::agents);
  visit("hidden", &O::hidden, allowed::hidden);
  visit("batch", &O::batch, allowed::batch);
  visit("updates_per_step", &O::updates_per_step, allowed::updates_per_step);
  visit("replay_size", &O::replay_size, allowed::replay_size);
  visit("warmup", &O::warmup, allowed::warmup);
  visit("policy_lr", &O::policy_lr, allowed::learning_rate);
  visit("value_lr", &O::value_lr, allowed::learning_rate);
  visit("gamma", &O::gamma, allowed::gamma);
  visit("tau", &O::tau, allowed::tau);
  visit("reward_scale", &O::reward_scale, allowed::reward_scale);
  visit("eval_every", &O::eval_every, allowed::count);
  visit("eval_episodes", &O::eval_episodes, allowed::episodes);
  visit("target_return", &O::target_return, allowed::target_return);
}

// What makes it so in sac-v2, one of the two.
template <class Visit>
void for_each_of_temperature(const Visit& visit) {
  visit("alpha", &TrainOptions::alpha, allowed::alpha);
  visit("target_entropy", &TrainOptions::target_entropy, allowed::target_entropy);
}

// What may be given anew.
template <class Visit>
void for_each_free(const Visit& visit) {
  using O = TrainOptions;
  visit("steps", &O::steps, allowed::count);
  visit("updates", &O::updates, allowed::count);
  visit("time_limit", &O::time_limit, allowed::seconds);
  visit("save_every", &O::save_every, allowed::save_every);
}

// What hangs on the device too.
template <class Visit>
void for_each_of_device(const Visit& visit) {
  visit("precision", &TrainOptions::precision);
  visit("mlp", &TrainOptions::mlp);
}

// The options that gave a configuration.
class ReadOptions {
 public:
  ReadOptions(const json& config, std::string file) : config_(config), file_(std::move(file)) {}

  TrainOptions all() const {
    TrainOptions run;
    const auto required = [&](const char* key, auto option, auto... range) {
      read(key, run.*option, range...);
      if (!(run.*option)) fail(key, "is missing");
    };
    for_each_fixed(required);
    for_each_of_device(required);
    required("device", &TrainOptions::device);
    const auto if_there = [&](const char* key, auto option, auto range) {
      read(key, run.*option, range);
    };
    for_each_of_temperature(if_there);
    for_each_free(if_there);
    const auto keep_going = config_.find("keep_going");
    run.keep_going = keep_going != config_.end() && *keep_going == true;
    return run;
  }

 private:
  [[noreturn]] void fail(const char* key, const char* what) const {
    throw UsageError(fmt::format("{}: config '{}' {}", file_, key, what));
  }

  void read(const char* key, std::optional<std::string>& to) const {
    const auto found = config_.find(key);
    if (found == config_.end()) return;
    if (!found->is_string()) fail(key, "is no string");
    to = found->get<std::string>();
  }

  template <class T>
  void read(const char* key, std::optional<T>& to, Range<T> range) const {
    const auto found = config_.find(key);
    if (found == config_.end() || found->is_null()) return;
    to = parse_number<T>(fmt::format("{}: config '{}'", file_, key), found->dump(), range);
  }

  const json& config_;
  std::string file_;
};

void refuse_contradictions(const TrainOptions& given, const TrainOptions& run,
                           bool another_device) {
  const auto compare = [&](const char* key, auto option, auto...) {
    if (!(given.*option) || given.*option == run.*option) return;
    std::string name = key;
    std::ranges::replace(name, '_', '-');
    throw UsageError(fmt::format("--{} {}: expected {}, which is what the run in {} has", name,
                                 *(given.*option), *(run.*option), given.resume));
  };
  for_each_fixed(compare);
  if (!another_device) for_each_of_device(compare);
}

// The run's kind of device, where it is to be had.
devices::DeviceChoice device_for(const TrainOptions& given, const TrainOptions& run) {
  if (given.device) return devices::choose_device(*given.device);
  return devices::choose_device(*run.device == "cuda" ? "auto" : *run.device);
}

json config_without_state(const fs::path& directory) {
  const fs::path path = directory / kConfigFile;
  std::ifstream in(path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const json config = files::parse_json<json>(text);
  if (!in || !config.is_object()) {
    throw UsageError(fmt::format("--resume {}: holds no run: neither {} nor a readable {}",
                                 directory.string(), kStateFile, kConfigFile));
  }
  return config;
}

}  // namespace

ResumedRun resume(const TrainOptions& given) {
  const fs::path directory = given.resume;
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw UsageError(fmt::format("--resume {}: expected a run directory", given.resume));
  }
  std::optional<StateFile> file;
  const fs::path state = directory / kStateFile;
  if (fs::exists(state, error)) file.emplace(state);
  const json config = file ? file->config() : config_without_state(directory);
  const std::string source = (file ? state : directory / kConfigFile).string();
  require_config_format(config, source);
  TrainOptions options = ReadOptions(config, source).all();

  const devices::DeviceChoice choice = device_for(given, options);
  const std::string device = devices::device_name(choice.device);
  const bool another_device = device != *options.device;
  refuse_contradictions(given, options, another_device);

  ResumedRun resumed;
  if (another_device) {
    resumed.notes.push_back(
        fmt::format("this run was on {} so far and goes on on {}: its bits may differ from those "
                    "it would have had",
                    *options.device, device));
    if (given.precision) options.precision = given.precision;
    if (options.precision == "tf32" && device == "cpu") options.precision.reset();
    options.mlp = given.mlp;
  }
  options.device = device;
  for_each_free([&](const char*, auto option, auto) {
    if (given.*option) options.*option = given.*option;
  });
  options.threads = given.threads;
  options.ranks = given.ranks;
  const int ranks = given.ranks == nullptr ? 1 : given.ranks->size;
  if (const int before = config.value("ranks", 1); before != ranks) {
    resumed.notes.push_back(
        fmt::format("this run was on {} ranks so far and goes on on {}: its bits may differ from "
                    "those it would have had",
                    before, ranks));
  }
  options.keep_going = options.keep_going || given.keep_going;
  options.quiet = given.quiet;
  options.out = given.out.empty() ? given.resume : given.out;
  resumed.config = resolve(options);
  resumed.config.device.reason = choice.reason;
  resumed.config.resumed = directory;
  if (file) {
    resumed.state = file->read(resumed.config);
    resumed.notes.push_back(fmt::format("going on after {} steps and {} updates",
                                        resumed.state->record.env_steps,
                                        resumed.state->record.updates));
  } else {
    resumed.notes.push_back("no state was saved: starting over");
  }
  return resumed;
}

}  // namespace sac::training
