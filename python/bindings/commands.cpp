// The program's commands, and what tasks there are.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "host/commands/command_line.h"
#include "kernels/env/registry.h"
#include "python/bindings/bindings.h"

namespace nb = nanobind;

namespace sac::python {
namespace {

int run_command(std::vector<std::string> arguments) {
  const nb::gil_scoped_release without_gil;
  return commands::run_command(std::move(arguments));
}

int run_command_line(std::vector<std::string> arguments) {
  const nb::gil_scoped_release without_gil;
  return commands::run_command_line(std::move(arguments));
}

nb::dict task(const env::EnvironmentInfo& info) {
  nb::dict d;
  d["id"] = info.id;
  d["obs_names"] = info.obs_names;
  d["act"] = info.act;
  d["max_action"] = info.max_action;
  d["max_obs"] = std::vector<double>(info.max_obs, info.max_obs + info.obs);
  d["time_limit"] = info.time_limit;
  d["step_seconds"] = info.step_seconds;
  d["solved_at"] = info.solved_at;
  return d;
}

nb::list tasks() {
  nb::list all;
  for (const env::EnvironmentInfo& info : env::Environments::info) all.append(task(info));
  return all;
}

}  // namespace

void bind_commands(nb::module_& module) {
  module.def("run_command", &run_command, nb::arg("arguments"));
  module.def("run_command_line", &run_command_line, nb::arg("arguments"));
  module.def("tasks", &tasks);
}

}  // namespace sac::python
