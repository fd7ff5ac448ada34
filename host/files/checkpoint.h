// Checkpoints: one agent's networks and Adam moments under the names of the step file, with what
// is needed to use them as metadata. With a batch and noise added, a checkpoint is a step file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/files/safetensors.h"

namespace sac::files {

/// What a checkpoint holds. `config.environment` is -1: the file names it in its metadata.
struct Checkpoint {
  LearnerConfig config;  ///< shape, max_action, batch and hyperparameters; the rest at its default
  AgentState state;
  std::string environment;  ///< id; empty if the file names none
};

/// Reads and checks everything: a format that is not newer than this program, metadata in range,
/// every tensor there with its shape, no NaN or infinity. Throws UsageError, one line that names
/// the file and the tensor or key.
Checkpoint read_checkpoint(SafetensorsFile& file);

/// A policy to be played.
struct Policy {
  Shape shape;
  LogStdRange log_std;
  std::vector<double> parameters;    ///< layout of AgentState's; zero but for the policy's
  std::optional<double> max_action;  ///< empty if the file does not say
  std::string environment;           ///< id; empty if the file names none
};

/// Reads of a file just what playing asks for: the tensors pi.*, without pi.log_std.* where the
/// mean is `enough`, and of the metadata what is there of env, max_action, log_std_min and
/// log_std_max. Throws as read_checkpoint does.
Policy read_policy(SafetensorsFile& file, bool mean_is_enough);

/// Reads the tensors that tell a state's value, v.*, or those of both Qs where the algorithm has no
/// V, into their places in a vector of the parameters' layout. False if the file has none, as a
/// policy alone has not. Throws if they are damaged.
bool read_value_networks(SafetensorsFile& file, const Shape& shape,
                         std::vector<double>& parameters);

/// The tensors of an AgentState: every parameter, then adam.m.* and adam.v.* of the trained ones.
std::vector<NamedArray> checkpoint_tensors(const Shape& shape, const AgentState& state);

/// One tensor per parameter, "<prefix><name>", cut out of a vector in the parameters' layout.
/// Leaves out the targets unless `with_target`.
std::vector<NamedArray> named_arrays(const Shape& shape, const std::string& prefix,
                                     const std::vector<double>& values, bool with_target);

/// Shape, max_action, batch and hyperparameters, and `step`: the number of the next Adam step,
/// counted from 1.
Metadata checkpoint_metadata(const LearnerConfig& config, const AgentState& state);

/// Writes atomically: parameters and moments in F32, and `extra` metadata on top of
/// checkpoint_metadata. Throws as write_file_atomically does.
void write_checkpoint_file(const std::filesystem::path& path, const LearnerConfig& config,
                           const AgentState& state, const Metadata& extra);

}  // namespace sac::files
