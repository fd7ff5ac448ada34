// The parts of the module sac_cuda._core, one file each.
#pragma once

#include <nanobind/nanobind.h>

namespace sac::python {

void bind_commands(nanobind::module_& module);
void bind_train(nanobind::module_& module);
void bind_policy(nanobind::module_& module);
void bind_step(nanobind::module_& module);
void bind_vector_environment(nanobind::module_& module);

}  // namespace sac::python
