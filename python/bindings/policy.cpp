// Policies in files, as dictionaries. Python does the rest.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

#include "host/base/named_parameters.h"
#include "host/files/checkpoint.h"
#include "host/training/run_directory.h"
#include "python/bindings/arrays.h"
#include "python/bindings/bindings.h"

namespace nb = nanobind;

namespace sac::python {
namespace {

/// The policy of a run directory's agent, or of a file: `file`, `env` ("" if the file does not
/// say), `max_action` (None if it does not), `log_std` (low, high) and `parameters`, float32 arrays
/// under PyTorch's names.
nb::dict read_policy(const std::string& path, int agent) {
  files::SafetensorsFile file(training::policy_file(path, agent));
  const files::Policy policy = files::read_policy(file, false);
  nb::dict parameters;
  for (const NamedTensor& t : named_parameters(policy.shape)) {
    if (t.network != Network::pi) continue;
    const auto begin = policy.parameters.begin() + static_cast<std::ptrdiff_t>(t.offset);
    parameters[t.name.c_str()] =
        numpy_array<float>({begin, begin + static_cast<std::ptrdiff_t>(t.size())}, t.shape);
  }
  nb::dict d;
  d["file"] = file.path();
  d["env"] = policy.environment;
  d["max_action"] = policy.max_action ? nb::cast(*policy.max_action) : nb::none();
  d["log_std"] = nb::make_tuple(policy.log_std.low, policy.log_std.high);
  d["parameters"] = parameters;
  return d;
}

}  // namespace

void bind_policy(nb::module_& module) {
  module.def("read_policy", &read_policy, nb::arg("path"), nb::arg("agent"));
}

}  // namespace sac::python
