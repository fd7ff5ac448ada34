#include "host/commands/step.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <thread>

#include "host/atomic_file.h"
#include "host/commands/compute_options.h"
#include "host/devices.h"
#include "host/step_file.h"
#include "host/usage_error.h"

namespace sac {
namespace {

struct StepOptions {
  std::string inputs, outputs;
  std::string device = "auto", precision = "fp32", mlp = "fused";
  bool reference = false;
};

void step(const StepOptions& options) {
  const Device device = choose_device(options.device).device;
  StepInputs inputs = read_step_inputs(options.inputs);
  require_writable_file(options.outputs);
  if (options.reference) inputs.dtype = Dtype::f64;

  LearnerConfig& config = inputs.checkpoint.config;
  config.envs = 1;
  config.replay_capacity = config.batch;
  config.threads = static_cast<int>(std::thread::hardware_concurrency());
  config.precision = choose_precision(device, options.precision);
  config.mlp = choose_mlp(options.mlp);
  const std::unique_ptr<Learner> learner =
      inputs.dtype == Dtype::f64 ? make_reference_learner(config) : make_learner(device, config);
  learner->load(0, inputs.checkpoint.state);
  const StepResult result = learner->gradient_step(inputs.batch);
  write_step_outputs(options.outputs, config, result, inputs.dtype);
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

}  // namespace sac
