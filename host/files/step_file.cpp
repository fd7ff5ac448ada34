#include "host/files/step_file.h"

#include <algorithm>

#include "host/base/named_losses.h"
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
  batch.target_noise =
      file.read(config.shape.algorithm == Algorithm::sac_v1 ? "noise.value" : "noise.next", act);
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
  for (const NamedLoss& loss : named_losses(shape.algorithm)) {
    tensors.push_back({std::string("loss.") + loss.name, {1}, {result.losses.*loss.value}});
  }
  return tensors;
}

void write_step_outputs(const std::filesystem::path& path, const LearnerConfig& config,
                        const StepResult& result, Dtype dtype) {
  write_safetensors(path, step_outputs(config.shape, result),
                    checkpoint_metadata(config, result.state), dtype);
}

}  // namespace sac::files
