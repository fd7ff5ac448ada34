#include "host/files/step_file.h"

#include <algorithm>

#include "host/base/named_parameters.h"

namespace sac::files {
namespace {

Batch read_batch(SafetensorsFile& file, const LearnerConfig& config) {
  const size_t rows = config.batch;
  const std::vector<size_t> obs{rows, static_cast<size_t>(config.shape.obs)};
  const std::vector<size_t> act{rows, static_cast<size_t>(config.shape.act)};
  Batch batch;
  batch.size = config.batch;
  batch.obs = file.read("batch.obs", obs);
  batch.action = file.read("batch.action", act);
  batch.reward = file.read("batch.reward", {rows});
  batch.next_obs = file.read("batch.next_obs", obs);
  batch.terminated = file.read_flags("batch.terminated", {rows});
  batch.value_noise = file.read("noise.value", act);
  batch.policy_noise = file.read("noise.policy", act);
  return batch;
}

}  // namespace

StepInputs read_step_inputs(const std::filesystem::path& path) {
  SafetensorsFile file(path);
  return read_step_inputs(file);
}

StepInputs read_step_inputs(SafetensorsFile& file) {
  StepInputs inputs;
  inputs.checkpoint = read_checkpoint(file);
  inputs.batch = read_batch(file, inputs.checkpoint.config);
  const auto names = named_parameters(inputs.checkpoint.config.shape);
  const bool any_f64 = std::any_of(names.begin(), names.end(), [&](const NamedTensor& t) {
    return file.dtype(t.name) == Dtype::f64;
  });
  inputs.dtype = any_f64 ? Dtype::f64 : Dtype::f32;
  return inputs;
}

std::vector<NamedArray> step_outputs(const Shape& shape, const StepResult& result) {
  std::vector<NamedArray> tensors = checkpoint_tensors(shape, result.state);
  for (NamedArray& g : named_arrays(shape, "grad.", result.gradients, false)) {
    tensors.push_back(std::move(g));
  }
  const Losses& losses = result.losses;
  tensors.push_back({"loss.v", {1}, {losses.v}});
  tensors.push_back({"loss.pi", {1}, {losses.pi}});
  tensors.push_back({"loss.q1", {1}, {losses.q1}});
  tensors.push_back({"loss.q2", {1}, {losses.q2}});
  return tensors;
}

void write_step_outputs(const std::filesystem::path& path, const LearnerConfig& config,
                        const StepResult& result, Dtype dtype) {
  write_safetensors(path, step_outputs(config.shape, result),
                    checkpoint_metadata(config, result.state), dtype);
}

}  // namespace sac::files
