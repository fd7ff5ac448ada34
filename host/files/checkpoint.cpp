#include "host/files/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "host/base/algorithms.h"
#include "host/base/limits.h"
#include "host/base/named_parameters.h"
#include "host/base/parse_number.h"
#include "host/base/usage_error.h"
#include "host/files/format_version.h"

namespace sac::files {
namespace {

constexpr int kCheckpointFormat = 1;
constexpr const char* kMoments[] = {"adam.m.", "adam.v."};

template <class T>
struct Field {
  const char* key;
  T& value;
  Range<T> range;
};

std::vector<Field<int>> sizes(LearnerConfig& c) {
  return {{"hidden", c.shape.hidden, allowed::hidden},
          {"obs", c.shape.obs, {1, kMaxObs}},
          {"act", c.shape.act, {1, kMaxAct}},
          {"batch", c.batch, allowed::batch}};
}

std::vector<Field<double>> numbers(LearnerConfig& c) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  const Range<double> any{-kLargest, kLargest}, positive{0, kLargest, true}, decay{0, 1},
      beta{0, 1 - 1e-9}, rate{0, kLargest};
  std::vector<Field<double>> fields = {{"gamma", c.hyper.gamma, decay},
                                       {"tau", c.hyper.tau, decay},
                                       {"reward_scale", c.hyper.reward_scale, any},
                                       {"lr_policy", c.hyper.policy_lr, rate},
                                       {"lr_q", c.hyper.q_lr, rate},
                                       {"beta1", c.hyper.beta1, beta},
                                       {"beta2", c.hyper.beta2, beta},
                                       {"adam_eps", c.hyper.adam_eps, positive},
                                       {"max_action", c.max_action, positive},
                                       {"log_std_min", c.hyper.log_std.low, any},
                                       {"log_std_max", c.hyper.log_std.high, any}};
  if (c.shape.algorithm == Algorithm::sac_v1) {
    fields.push_back({"lr_value", c.hyper.value_lr, rate});
  } else {
    fields.push_back({"lr_alpha", c.hyper.alpha_lr, rate});
    fields.push_back({"target_entropy", c.hyper.target_entropy, any});
  }
  return fields;
}

constexpr const char* kAlgorithm = "algorithm";  ///< a file that names none is sac-v1's

Algorithm algorithm_of(const SafetensorsFile& file) {
  const auto found = file.metadata().find(kAlgorithm);
  if (found == file.metadata().end()) return Algorithm::sac_v1;
  return algorithm_named(found->second, file.path() + ": metadata algorithm");
}

/// A policy's mean needs no other part of it.
constexpr const char* kLogStd = "pi.log_std.";

template <class T>
T parse_metadata(const SafetensorsFile& file, const std::string& key, const Range<T>& range) {
  return parse_number(fmt::format("{}: metadata {}", file.path(), key), file.metadata(key), range);
}

/// The field's value stays where the file has no such key.
template <class T>
void read_if_there(const SafetensorsFile& file, const Field<T>& field) {
  if (file.metadata().contains(field.key)) {
    field.value = parse_metadata(file, field.key, field.range);
  }
}

std::string environment_of(const SafetensorsFile& file) {
  const auto found = file.metadata().find("env");
  return found == file.metadata().end() ? "" : found->second;
}

void require_ordered(const SafetensorsFile& file, const LogStdRange& clamp) {
  if (clamp.low <= clamp.high) return;
  throw UsageError(fmt::format("{}: metadata log_std_min {} is above log_std_max {}", file.path(),
                               clamp.low, clamp.high));
}

/// The sizes that the policy's tensors tell.
Shape policy_shape(const SafetensorsFile& file) {
  const auto size = [&](const char* name, size_t dimension, const char* what, int most) {
    const std::vector<size_t>& shape = file.shape(name);
    if (shape.size() != 2 || shape[dimension] < 1 || shape[dimension] > static_cast<size_t>(most)) {
      throw UsageError(
          fmt::format("{}: tensor '{}' has shape [{}], expected two dimensions, {} from "
                      "1 to {}",
                      file.path(), name, fmt::join(shape, ", "), what, most));
    }
    return static_cast<int>(shape[dimension]);
  };
  constexpr const char *kFirst = "pi.layers.0.weight", *kMean = "pi.mean.weight";
  return {.obs = size(kFirst, 1, "observations", kMaxObs),
          .act = size(kMean, 0, "actions", kMaxAct),
          .hidden = size(kFirst, 0, "hidden", allowed::hidden.high),
          .algorithm = algorithm_of(file)};
}

LearnerConfig read_config(const SafetensorsFile& file) {
  LearnerConfig config;
  config.environment = -1;
  config.shape.algorithm = algorithm_of(file);
  for (const auto& f : sizes(config)) f.value = parse_metadata(file, f.key, f.range);
  for (const auto& f : numbers(config)) f.value = parse_metadata(file, f.key, f.range);
  require_ordered(file, config.hyper.log_std);
  return config;
}

// The opposite of named_arrays.
void read_into(SafetensorsFile& file, const std::string& prefix,
               const std::vector<NamedTensor>& tensors, std::vector<double>& values) {
  for (const NamedTensor& t : tensors) {
    const std::vector<double> part = file.read(prefix + t.name, t.shape);
    std::copy(part.begin(), part.end(), values.begin() + t.offset);
  }
}

std::vector<NamedTensor> trained(Algorithm algorithm, std::vector<NamedTensor> tensors) {
  std::erase_if(tensors, [=](const NamedTensor& t) { return is_target(algorithm, t.network); });
  return tensors;
}

}  // namespace

Checkpoint read_checkpoint(SafetensorsFile& file) {
  require_format(file, kCheckpointFormat);
  Checkpoint c;
  c.config = read_config(file);
  c.state.updates = parse_metadata(file, "step", allowed::count) - 1;
  c.environment = environment_of(file);

  const std::vector<NamedTensor> all = named_parameters(c.config.shape);
  const std::vector<NamedTensor> with_moments = trained(c.config.shape.algorithm, all);
  // Every shape before the first allocation: the sizes in the metadata may be wrong.
  for (const NamedTensor& t : all) file.require(t.name, t.shape);
  for (const char* prefix : kMoments) {
    for (const NamedTensor& t : with_moments) file.require(prefix + t.name, t.shape);
  }
  const size_t stride = agent_stride(c.config.shape);
  for (auto* values : {&c.state.parameters, &c.state.adam_m, &c.state.adam_v}) {
    values->assign(stride, 0.0);
  }
  read_into(file, "", all, c.state.parameters);
  read_into(file, kMoments[0], with_moments, c.state.adam_m);
  read_into(file, kMoments[1], with_moments, c.state.adam_v);
  for (const NamedTensor& t : with_moments) {
    const auto begin = c.state.adam_v.begin() + t.offset;
    if (std::any_of(begin, begin + t.size(), [](double v) { return v < 0; })) {
      throw UsageError(
          fmt::format("{}: tensor '{}{}' holds a negative value; a second moment has "
                      "none",
                      file.path(), kMoments[1], t.name));
    }
  }
  return c;
}

Policy read_policy(SafetensorsFile& file, bool mean_is_enough) {
  require_format(file, kCheckpointFormat);
  Policy policy;
  policy.environment = environment_of(file);
  policy.shape = policy_shape(file);
  LearnerConfig said;
  said.max_action = 0;
  for (const auto& field : numbers(said)) {
    const std::string key = field.key;
    const bool wanted = key == "max_action" || (key.starts_with("log_std_") && !mean_is_enough);
    if (wanted) read_if_there(file, field);
  }
  if (said.max_action > 0) policy.max_action = said.max_action;
  policy.log_std = said.hyper.log_std;
  require_ordered(file, policy.log_std);

  std::vector<NamedTensor> tensors = named_parameters(policy.shape);
  std::erase_if(tensors, [&](const NamedTensor& t) {
    return t.network != Network::pi || (mean_is_enough && t.name.starts_with(kLogStd));
  });
  for (const NamedTensor& t : tensors) file.require(t.name, t.shape);
  policy.parameters.assign(agent_stride(policy.shape), 0.0);
  read_into(file, "", tensors, policy.parameters);
  return policy;
}

bool read_value_networks(SafetensorsFile& file, const Shape& shape,
                         std::vector<double>& parameters) {
  std::vector<NamedTensor> tensors = named_parameters(shape);
  std::erase_if(tensors, [&](const NamedTensor& t) {
    return shape.algorithm == Algorithm::sac_v1
               ? t.network != Network::v
               : t.network != Network::q1 && t.network != Network::q2;
  });
  if (!std::ranges::any_of(tensors, [&](const NamedTensor& t) { return file.has(t.name); })) {
    return false;
  }
  for (const NamedTensor& t : tensors) file.require(t.name, t.shape);
  read_into(file, "", tensors, parameters);
  return true;
}

std::vector<NamedArray> named_arrays(const Shape& shape, const std::string& prefix,
                                     const std::vector<double>& values, bool with_target) {
  std::vector<NamedArray> arrays;
  std::vector<NamedTensor> tensors = named_parameters(shape);
  if (!with_target) tensors = trained(shape.algorithm, std::move(tensors));
  for (const NamedTensor& t : tensors) {
    const auto begin = values.begin() + t.offset;
    arrays.push_back({prefix + t.name, t.shape, {begin, begin + t.size()}});
  }
  return arrays;
}

std::vector<NamedArray> checkpoint_tensors(const Shape& shape, const AgentState& state) {
  std::vector<NamedArray> tensors = named_arrays(shape, "", state.parameters, true);
  for (NamedArray& m : named_arrays(shape, kMoments[0], state.adam_m, false)) {
    tensors.push_back(std::move(m));
  }
  for (NamedArray& v : named_arrays(shape, kMoments[1], state.adam_v, false)) {
    tensors.push_back(std::move(v));
  }
  return tensors;
}

Metadata checkpoint_metadata(const LearnerConfig& config, const AgentState& state) {
  Metadata metadata{{"format", fmt::format("{}", kCheckpointFormat)},
                    {"version", SAC_VERSION},
                    {"updates", fmt::format("{}", state.updates)},
                    {"step", fmt::format("{}", state.updates + 1)}};
  LearnerConfig copy = config;  // the tables hold references for reading
  for (const auto& f : sizes(copy)) metadata[f.key] = fmt::format("{}", f.value);
  for (const auto& f : numbers(copy)) metadata[f.key] = fmt::format("{}", f.value);
  if (config.shape.algorithm != Algorithm::sac_v1) {
    metadata[kAlgorithm] = algorithm_name(config.shape.algorithm);
  }
  return metadata;
}

void write_checkpoint_file(const std::filesystem::path& path, const LearnerConfig& config,
                           const AgentState& state, const Metadata& extra) {
  Metadata metadata = checkpoint_metadata(config, state);
  metadata.insert(extra.begin(), extra.end());
  write_safetensors(path, checkpoint_tensors(config.shape, state), metadata, Dtype::f32);
}

}  // namespace sac::files
