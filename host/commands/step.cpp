#include <fmt/ostream.h>

#include <iostream>
#include <memory>

#include "host/base/named_losses.h"
#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/devices/processors.h"
#include "host/files/atomic_file.h"
#include "host/files/step_file.h"

namespace sac::commands {

StepResult gradient_step(files::StepInputs& inputs, const devices::Request& compute) {
  LearnerConfig& config = inputs.checkpoint.config;
  config.envs = 1;
  config.replay_capacity = config.batch;
  config.threads = devices::usable_processors();
  const devices::DeviceChoice choice = devices::choose(compute, config);
  if (choice.instead_of) fmt::print(stderr, "sac_cuda: {}\n", choice.reason);
  const std::unique_ptr<Learner> learner = inputs.dtype == files::Dtype::f64
                                               ? devices::make_reference_learner(config)
                                               : devices::make_learner(choice.device, config);
  learner->load(0, inputs.checkpoint.state);
  return learner->gradient_step(inputs.batch);
}

void step(const StepOptions& options) {
  files::StepInputs inputs = files::read_step_inputs(options.inputs);
  files::require_writable_file(options.outputs);
  if (options.reference) inputs.dtype = files::Dtype::f64;
  const StepResult result = gradient_step(inputs, options.compute);
  files::write_step_outputs(options.outputs, inputs.checkpoint.config, result, inputs.dtype);
  std::string losses;
  for (const NamedLoss& loss : named_losses(inputs.checkpoint.config.shape.algorithm)) {
    losses += fmt::format("{}{} {:.6g}", losses.empty() ? "" : ", ", loss.name,
                          result.losses.*loss.value);
  }
  fmt::print(std::cout, "{}: loss {}\n", options.outputs, losses);
}

}  // namespace sac::commands
