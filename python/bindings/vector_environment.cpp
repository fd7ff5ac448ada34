// gymnasium.vector.VectorEnv's arrays, written in place.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <mutex>
#include <optional>
#include <string>

#include "host/base/environments.h"
#include "host/base/limits.h"
#include "host/base/parse_number.h"
#include "host/devices/processors.h"
#include "host/gymnasium/vector_environment.h"
#include "python/bindings/bindings.h"

namespace nb = nanobind;

namespace sac::python {
namespace {

using Matrix = nb::ndarray<float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Actions = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Vector = nb::ndarray<float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<bool, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

int thread_count(std::optional<int64_t> given) {
  if (!given) return devices::usable_processors();
  return parse_count<int>("threads", std::to_string(*given), allowed::threads);
}

class Environment {
 public:
  Environment(const std::string& task, int64_t envs, bool same_step, std::optional<int64_t> threads)
      : envs_(parse_count<int64_t>("num_envs", std::to_string(envs), allowed::envs)),
        environment_(environment_index(task, "task"), envs_,
                     same_step ? gymnasium::Autoreset::same_step : gymnasium::Autoreset::next_step,
                     thread_count(threads)) {}

  void reset(std::optional<uint64_t> seed, const Matrix& obs) {
    require(obs, environment_.info().obs);
    const nb::gil_scoped_release without_gil;
    const std::lock_guard lock(in_use_);
    environment_.reset(seed, obs.data());
  }

  bool step(const Actions& action, const Matrix& obs, const Vector& reward, const Flags& terminated,
            const Flags& truncated, const Matrix& final_obs) {
    require(action, environment_.info().act);
    require(obs, environment_.info().obs);
    require(final_obs, environment_.info().obs);
    if (!has_rows(reward) || !has_rows(terminated) || !has_rows(truncated)) {
      throw std::invalid_argument(
          "an array has another number of rows than there are environments");
    }
    const nb::gil_scoped_release without_gil;
    const std::lock_guard lock(in_use_);
    return environment_.step(action.data(), {obs.data(), reward.data(), terminated.data(),
                                             truncated.data(), final_obs.data()});
  }

 private:
  template <class Array>
  bool has_rows(const Array& array) const {
    return static_cast<int64_t>(array.shape(0)) == envs_;
  }
  template <class Array>
  void require(const Array& array, int width) const {
    if (has_rows(array) && static_cast<int>(array.shape(1)) == width) return;
    throw std::invalid_argument("an array has not the shape [" + std::to_string(envs_) + ", " +
                                std::to_string(width) + "]");
  }

  int64_t envs_;
  gymnasium::VectorEnvironment environment_;
  std::mutex in_use_;
};

}  // namespace

void bind_vector_environment(nb::module_& module) {
  nb::class_<Environment>(module, "VectorEnvironment")
      .def(nb::init<const std::string&, int64_t, bool, std::optional<int64_t>>(), nb::arg("task"),
           nb::arg("num_envs"), nb::arg("same_step"), nb::arg("threads").none())
      .def("reset", &Environment::reset, nb::arg("seed").none(), nb::arg("obs").noconvert())
      .def("step", &Environment::step, nb::arg("action").noconvert(), nb::arg("obs").noconvert(),
           nb::arg("reward").noconvert(), nb::arg("terminated").noconvert(),
           nb::arg("truncated").noconvert(), nb::arg("final_obs").noconvert());
}

}  // namespace sac::python
