// One gradient step, and the check of all gradients.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "host/base/algorithms.h"
#include "host/commands/command_line.h"
#include "host/files/step_file.h"
#include "python/bindings/arrays.h"
#include "python/bindings/bindings.h"
#include "python/bindings/own_thread.h"

namespace nb = nanobind;

namespace sac::python {
namespace {

/// `file` is a step file's bytes. Arrays come back in float64 if a parameter was in it, or
/// `reference` is wanted, which computes so.
nb::dict gradient_step(const nb::bytes& file, const std::string& device,
                       const std::string& precision, const std::string& mlp, bool reference) {
  files::SafetensorsFile content("gradient_step", std::string(file.c_str(), file.size()));
  files::StepInputs inputs = files::read_step_inputs(content);
  if (reference) inputs.dtype = files::Dtype::f64;
  const StepResult result = on_a_thread_of_its_own([&] {
    return commands::gradient_step(inputs, {device, precision, mlp});
  });
  nb::dict outputs;
  for (const files::NamedArray& a : files::step_outputs(inputs.checkpoint.config.shape, result)) {
    outputs[a.name.c_str()] = inputs.dtype == files::Dtype::f64
                                  ? numpy_array<double>(a.values, a.shape)
                                  : numpy_array<float>(a.values, a.shape);
  }
  return outputs;
}

/// A step file's metadata with the values that they have where nobody says otherwise. `act`: the
/// dimensions of an action.
nb::dict step_metadata(const std::string& algorithm, int act) {
  LearnerConfig config;
  config.shape.algorithm = algorithm_named(algorithm, "algorithm");
  config.hyper.target_entropy = -act;
  nb::dict d;
  for (const auto& [key, value] : files::checkpoint_metadata(config, {})) {
    d[key.c_str()] = value;
  }
  return d;
}

void add(nb::list& to, const char* learner, const std::vector<gradcheck::Check>& checks) {
  for (const gradcheck::Check& c : checks) {
    to.append(nb::make_tuple(learner, c.quantity, c.against, c.worst.error, c.worst.allowance,
                             c.passed()));
  }
}

/// (learner's description, reference's, [(learner, quantity, against, error, allowance, passed)])
nb::tuple check(std::vector<std::string> arguments) {
  const commands::GradcheckOptions options = commands::gradcheck_options(std::move(arguments));
  const commands::GradcheckResult result = on_a_thread_of_its_own([&] {
    return commands::check_learner(
        options, [](const auto&) {}, [](double) {});
  });
  nb::list checks;
  add(checks, "learner", result.checks.learner);
  add(checks, "reference", result.checks.reference);
  return nb::make_tuple(result.learner, result.reference, checks);
}

}  // namespace

void bind_step(nb::module_& module) {
  module.def("gradient_step", &gradient_step, nb::arg("file"), nb::arg("device"),
             nb::arg("precision"), nb::arg("mlp"), nb::arg("reference"));
  module.def("step_metadata", &step_metadata, nb::arg("algorithm"), nb::arg("act"));
  module.def("gradcheck", &check, nb::arg("arguments"));
}

}  // namespace sac::python
