#include "host/training/state_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/base/limits.h"
#include "host/base/snapshot.h"
#include "host/base/usage_error.h"
#include "host/files/format_version.h"
#include "host/files/json_text.h"

namespace sac::training {
namespace {

using json = nlohmann::ordered_json;
using Sizes = std::vector<size_t>;

constexpr int kStateFormat = 3;
constexpr size_t kLosses = 5;  // v, pi, q1, q2, alpha

template <class T>
constexpr const char* dtype_of();
template <>
constexpr const char* dtype_of<float>() {
  return "F32";
}
template <>
constexpr const char* dtype_of<int32_t>() {
  return "I32";
}

// A vector of an agent that becomes one row of a tensor.
template <class T>
struct Field {
  const char* name;
  std::vector<T> AgentSnapshot::*values;
  Sizes shape;
};

struct Fields {
  std::array<Field<float>, 5> floats;
  Field<float> returns;  // NaN before an environment's first end
  Field<int32_t> steps;
};

Fields fields(const LearnerConfig& c, const Progress& progress) {
  const size_t stride = agent_stride(c.shape), envs = c.envs;
  const size_t record = record_layout(c.shape).size;
  return {{{{"parameters", &AgentSnapshot::parameters, {stride}},
            {"adam.m", &AgentSnapshot::adam_m, {stride}},
            {"adam.v", &AgentSnapshot::adam_v, {stride}},
            {"replay", &AgentSnapshot::replay, {replay_scalars(c, progress) / record, record}},
            {"environments", &AgentSnapshot::environments, {environment_scalars(c) / envs, envs}}}},
          {"episode_returns", &AgentSnapshot::episode_returns, {2, envs}},
          {"episode_steps", &AgentSnapshot::episode_steps, {envs}}};
}

Sizes stacked(size_t agents, Sizes shape) {
  shape.insert(shape.begin(), agents);
  return shape;
}

template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
files::RawTensor tensor(const Field<T>& field, const std::vector<AgentSnapshot>& agents) {
  files::RawTensor tensor{field.name, dtype_of<T>(), stacked(agents.size(), field.shape), {}};
  for (const AgentSnapshot& agent : agents) tensor.bytes.push_back(bytes_of(agent.*field.values));
  return tensor;
}

template <class T>
void require(const files::SafetensorsFile& file, const Field<T>& field, size_t agents) {
  file.require_raw(field.name, dtype_of<T>(), sizeof(T), stacked(agents, field.shape));
}

template <class T>
void read(files::SafetensorsFile& file, const Field<T>& field, std::vector<AgentSnapshot>& agents) {
  size_t size = 1;
  for (const size_t n : field.shape) size *= n;
  for (size_t p = 0; p < agents.size(); ++p) {
    std::vector<T>& values = agents[p].*field.values;
    values.resize(size);
    file.read_raw(field.name, p * size * sizeof(T), values.data(), size * sizeof(T));
  }
}

[[noreturn]] void fail(const files::SafetensorsFile& file, const std::string& what) {
  throw UsageError(file.path() + ": " + what);
}

json parse(const files::SafetensorsFile& file, const std::string& key) {
  json parsed = files::parse_json<json>(file.metadata(key));
  if (!parsed.is_object()) fail(file, fmt::format("metadata '{}' is not a JSON object", key));
  return parsed;
}

int64_t count(const files::SafetensorsFile& file, const std::string& key, int64_t most) {
  return parse_number<int64_t>(fmt::format("{}: metadata {}", file.path(), key), file.metadata(key),
                               {0, most});
}

void require_sound(const files::SafetensorsFile& file, const Fields& all, const LearnerConfig& c,
                   const AgentSnapshot& agent) {
  for (const Field<float>& field : all.floats) {
    const std::vector<float>& values = agent.*field.values;
    if (!std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) {
      fail(file, fmt::format("tensor '{}' holds a number that is not finite", field.name));
    }
  }
  if (std::ranges::any_of(agent.adam_v, [](float v) { return v < 0; })) {
    fail(file, "tensor 'adam.v' holds a negative value; a second moment has none");
  }
  const int limit = environment_info(c.environment).time_limit;
  if (std::ranges::any_of(agent.episode_steps, [&](int t) { return t < 0 || t >= limit; })) {
    fail(file, fmt::format("tensor 'episode_steps': expected 0 to {}", limit - 1));
  }
}

}  // namespace

void write_state_file(const std::filesystem::path& path, const TrainConfig& config,
                      const RunState& state) {
  const Snapshot& snapshot = state.snapshot;
  const Fields all = fields(config.learner, snapshot.progress);
  std::vector<files::RawTensor> tensors;
  for (const Field<float>& field : all.floats) tensors.push_back(tensor(field, snapshot.agents));
  tensors.push_back(tensor(all.returns, snapshot.agents));
  tensors.push_back(tensor(all.steps, snapshot.agents));
  std::vector<double> losses;
  for (const AgentSnapshot& agent : snapshot.agents) {
    const Losses& l = agent.losses;
    losses.insert(losses.end(), {l.v, l.pi, l.q1, l.q2, l.alpha});
  }
  tensors.push_back({"losses", "F64", {snapshot.agents.size(), kLosses}, {bytes_of(losses)}});
  tensors.push_back({"metrics", "U8", {state.metrics.size()}, {state.metrics}});
  files::write_raw_safetensors(path, tensors,
                               {{"format", fmt::format("{}", kStateFormat)},
                                {"version", SAC_VERSION},
                                {"config", to_json(config).dump()},
                                {"record", to_json(state.record).dump()},
                                {"vector_steps", fmt::format("{}", snapshot.progress.vector_steps)},
                                {"updates", fmt::format("{}", snapshot.progress.updates)}},
                               files::Durability::disk);
}

StateFile::StateFile(const std::filesystem::path& path) : file_(path) {
  files::require_format(file_, kStateFormat, kStateFormat);
  config_ = std::make_shared<const json>(parse(file_, "config"));
}

RunState StateFile::read(const TrainConfig& config) {
  const LearnerConfig& c = config.learner;
  RunState state;
  Progress& progress = state.snapshot.progress;
  progress.vector_steps = count(file_, "vector_steps", allowed::kMany / c.envs);
  progress.updates = count(file_, "updates", allowed::kMany);

  // Every shape before the first allocation: the counts in the metadata may be wrong.
  const size_t agents = c.agents;
  const Fields all = fields(c, progress);
  for (const Field<float>& field : all.floats) require(file_, field, agents);
  require(file_, all.returns, agents);
  require(file_, all.steps, agents);
  file_.require_raw("losses", "F64", sizeof(double), {agents, kLosses});
  const size_t metrics_bytes = file_.bytes("metrics");
  file_.require_raw("metrics", "U8", 1, {metrics_bytes});

  try {
    state.record = run_record_from(parse(file_, "record"));
  } catch (const json::exception& error) {
    fail(file_, fmt::format("metadata 'record' is not that of a run: {}", error.what()));
  }
  RunRecord& record = state.record;
  if (!record.agents.empty() && record.agents.size() != agents) {
    fail(file_,
         fmt::format("metadata 'record' has {} agents, expected {}", record.agents.size(), agents));
  }
  if (record.evaluations < 0 || record.evaluated_updates < -1 ||
      record.evaluated_updates > progress.updates) {
    fail(file_, fmt::format("metadata 'record': {} evaluations, the last after {} of {} updates",
                            record.evaluations, record.evaluated_updates, progress.updates));
  }
  record.updates = progress.updates;
  record.env_steps = progress.vector_steps * c.envs;

  state.snapshot.agents.resize(agents);
  for (const Field<float>& field : all.floats) training::read(file_, field, state.snapshot.agents);
  training::read(file_, all.returns, state.snapshot.agents);
  training::read(file_, all.steps, state.snapshot.agents);
  for (size_t p = 0; p < agents; ++p) {
    AgentSnapshot& agent = state.snapshot.agents[p];
    if (!record.failed(p)) require_sound(file_, all, c, agent);
    std::array<double, kLosses> losses;
    file_.read_raw("losses", p * sizeof losses, losses.data(), sizeof losses);
    agent.losses = {losses[0], losses[1], losses[2], losses[3], losses[4]};
  }
  state.metrics.resize(metrics_bytes);
  file_.read_raw("metrics", 0, state.metrics.data(), metrics_bytes);
  return state;
}

}  // namespace sac::training
