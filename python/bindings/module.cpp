#include "python/bindings/bindings.h"

#include <exception>

#include "host/base/usage_error.h"

namespace {

/// A mistake of the user's is a ValueError with the line that the program would print.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const sac::UsageError& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  }
}

}  // namespace

NB_MODULE(_core, module) {
  nanobind::register_exception_translator(translate);
  module.attr("__version__") = SAC_VERSION;
  sac::python::bind_commands(module);
  sac::python::bind_train(module);
  sac::python::bind_policy(module);
  sac::python::bind_step(module);
  sac::python::bind_vector_environment(module);
}
