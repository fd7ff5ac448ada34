// The step file of `sac_cuda step`: networks, Adam state, a batch and its noise in; what one
// gradient step makes of them out. The outsider's way to check the learner.
#pragma once

#include <filesystem>
#include <vector>

#include "host/base/learner.h"
#include "host/files/checkpoint.h"
#include "host/files/safetensors.h"

namespace sac::files {

/// Everything one gradient step needs.
struct StepInputs {
  Checkpoint checkpoint;
  Batch batch;
  Dtype dtype;  ///< f64 if any parameter is
};

/// Reads and checks a step file. Tensors it does not know are ignored. Throws UsageError, one line
/// that names the file and the tensor or key.
StepInputs read_step_inputs(const std::filesystem::path& path);
StepInputs read_step_inputs(SafetensorsFile& file);

/// What a step gives, under the names of the file: parameters, moments, gradients, losses.
std::vector<NamedArray> step_outputs(const Shape& shape, const StepResult& result);

/// Writes step_outputs, with a checkpoint's metadata. Throws as
/// write_file_atomically does.
void write_step_outputs(const std::filesystem::path& path, const LearnerConfig& config,
                        const StepResult& result, Dtype dtype);

}  // namespace sac::files
