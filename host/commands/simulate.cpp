#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iomanip>
#include <memory>
#include <stdexcept>
#include <vector>

#include "host/base/environments.h"
#include "host/base/parse_number.h"
#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/files/csv.h"
#include "kernels/env/registry.h"

namespace sac::commands {
namespace {

/// The scalars of --state, checked against the environment.
std::vector<double> parse_state(const std::string& text, const env::EnvironmentInfo& info) {
  const std::vector<std::string> cells = files::comma_separated(text);
  if (cells.size() != static_cast<size_t>(info.state)) {
    throw UsageError(fmt::format("--state {}: expected {} numbers for {}: {}",
                                 text.empty() ? "''" : text, info.state, info.id,
                                 info.state_names));
  }
  std::vector<double> values(cells.size());
  std::ranges::transform(cells, values.begin(),
                         [](const std::string& cell) { return parse_finite("--state", cell); });
  return values;
}

template <class T, class Environment>
class Trajectory {
 public:
  explicit Trajectory(std::ostream& out) : out_(out) {
    const std::vector<std::string> names = files::comma_separated(Environment::info.state_names);
    theta_ = std::ranges::find(names, "theta") - names.begin();
  }

  void print(typename Environment::State state, const std::vector<double>& actions) {
    static_assert(Environment::info.act == 1, "the actions file has one column");
    out_ << "t," << Environment::info.state_names << (has_theta() ? ",cos_theta,sin_theta" : "")
         << ",action,reward,terminated\n"
         << std::setprecision(17);
    size_t t = 0;
    for (; t < actions.size(); ++t) {
      print_state(t, state);
      const T action = static_cast<T>(actions[t]);
      const env::Outcome<T> outcome = Environment::step(state, &action);
      out_ << ',' << actions[t] << ',' << outcome.reward << ',' << outcome.terminated << '\n';
    }
    print_state(t, state);
    out_ << ",,,\n";
  }

 private:
  using Values = std::array<T, Environment::info.state>;

  bool has_theta() const { return theta_ < Values().size(); }

  void print_state(size_t t, const typename Environment::State& state) {
    const Values values = std::bit_cast<Values>(state);
    out_ << t;
    for (T value : values) out_ << ',' << value;
    if (!has_theta()) return;
    const double theta = values[theta_];
    out_ << ',' << std::cos(theta) << ',' << std::sin(theta);
  }

  std::ostream& out_;
  size_t theta_;  ///< place in the state
};

template <class T, template <class> class E>
void run(const SimulateOptions& options, std::ostream& out) {
  typename E<T>::State state;
  if (options.state) {
    const std::vector<double> given = parse_state(*options.state, E<T>::info);
    std::array<T, E<T>::info.state> values;
    std::ranges::transform(given, values.begin(), [](double v) { return static_cast<T>(v); });
    state = std::bit_cast<typename E<T>::State>(values);
  } else {
    ResetDraws<T> draws({options.seed}, Purpose::reset, 0, 0);
    state = E<T>::reset(draws);
  }
  Trajectory<T, E<T>>(out).print(state, files::read_actions(options.actions));
}

}  // namespace

void simulate(const SimulateOptions& options, std::ostream& out) {
  if (options.device != "auto" && options.device != "cpu") {
    throw UsageError(fmt::format("--device {}: expected auto or cpu", options.device));
  }
  const int environment = options.environment.empty() ? 0 : environment_index(options.environment);
  env::Environments::visit(environment, [&]<template <class> class E>() {
    options.in_double ? run<double, E>(options, out) : run<float, E>(options, out);
  });
  if (!out.flush()) throw std::runtime_error("cannot write the trajectory");
}

}  // namespace sac::commands
