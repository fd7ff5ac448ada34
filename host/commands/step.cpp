#include <fmt/format.h>

#include <memory>
#include <thread>

#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/files/atomic_file.h"
#include "host/files/step_file.h"

namespace sac::commands {

void step(const StepOptions& options) {
  const devices::Device device = devices::choose_device(options.compute.device).device;
  files::StepInputs inputs = files::read_step_inputs(options.inputs);
  files::require_writable_file(options.outputs);
  if (options.reference) inputs.dtype = files::Dtype::f64;

  LearnerConfig& config = inputs.checkpoint.config;
  config.envs = 1;
  config.replay_capacity = config.batch;
  config.threads = static_cast<int>(std::thread::hardware_concurrency());
  config.precision = devices::choose_precision(device, options.compute.precision);
  config.mlp = devices::choose_mlp(options.compute.mlp);
  const std::unique_ptr<Learner> learner = inputs.dtype == files::Dtype::f64
                                               ? devices::make_reference_learner(config)
                                               : devices::make_learner(device, config);
  learner->load(0, inputs.checkpoint.state);
  const StepResult result = learner->gradient_step(inputs.batch);
  files::write_step_outputs(options.outputs, config, result, inputs.dtype);
  fmt::print("{}: loss v {:.6g}, pi {:.6g}, q1 {:.6g}, q2 {:.6g}\n", options.outputs,
             result.losses.v, result.losses.pi, result.losses.q1, result.losses.q2);
}

}  // namespace sac::commands
