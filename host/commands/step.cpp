#include "host/commands/step.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <thread>

#include "host/base/usage_error.h"
#include "host/commands/compute_options.h"
#include "host/devices/devices.h"
#include "host/files/atomic_file.h"
#include "host/files/step_file.h"

namespace sac::commands {
namespace {

struct StepOptions {
  std::string inputs, outputs;
  std::string device = "auto", precision = "fp32", mlp = "fused";
  bool reference = false;
};

void step(const StepOptions& options) {
  const devices::Device device = devices::choose_device(options.device).device;
  files::StepInputs inputs = files::read_step_inputs(options.inputs);
  files::require_writable_file(options.outputs);
  if (options.reference) inputs.dtype = files::Dtype::f64;

  LearnerConfig& config = inputs.checkpoint.config;
  config.envs = 1;
  config.replay_capacity = config.batch;
  config.threads = static_cast<int>(std::thread::hardware_concurrency());
  config.precision = devices::choose_precision(device, options.precision);
  config.mlp = devices::choose_mlp(options.mlp);
  const std::unique_ptr<Learner> learner = inputs.dtype == files::Dtype::f64
                                               ? devices::make_reference_learner(config)
                                               : devices::make_learner(device, config);
  learner->load(0, inputs.checkpoint.state);
  const StepResult result = learner->gradient_step(inputs.batch);
  files::write_step_outputs(options.outputs, config, result, inputs.dtype);
  fmt::print("{}: loss v {:.6g}, pi {:.6g}, q1 {:.6g}, q2 {:.6g}\n", options.outputs,
             result.losses.v, result.losses.pi, result.losses.q1, result.losses.q2);
}

}  // namespace

void add_step_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("step", "Perform exactly one gradient step, from a file to a file");
  const auto options = std::make_shared<StepOptions>();
  command->add_option("--inputs", options->inputs, "Networks, Adam state, batch and noise")
      ->option_text("IN.safetensors")
      ->required();
  command->add_option("--outputs", options->outputs, "Parameters, gradients, losses and moments")
      ->option_text("OUT.safetensors")
      ->required();
  add_compute_options(*command, options->device, options->precision, options->mlp);
  command->add_flag("--double", options->reference,
                    "Compute with the double reference on the CPU and write F64; so do inputs "
                    "whose parameters are F64");
  command->callback([options] { step(*options); });
}

}  // namespace sac::commands
