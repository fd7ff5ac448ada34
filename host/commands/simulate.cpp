#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iomanip>
#include <optional>
#include <string>
#include <vector>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/start_state.h"
#include "host/files/csv.h"
#include "kernels/env/registry.h"

namespace sac::commands {
namespace {

struct EpisodeEndRow {
  size_t t;
  env::EpisodeEnd end;
};

template <class T, class Environment>
class Trajectory {
 public:
  explicit Trajectory(std::ostream& out) : out_(out) {
    const std::vector<std::string> names = files::comma_separated(Environment::info.state_names);
    named_ = names.size();
    theta_ = std::ranges::find(names, "theta") - names.begin();
  }

  /// All of it. Returns the row in which the episode ends and how, if it does.
  std::optional<EpisodeEndRow> print(typename Environment::State state,
                                     const std::vector<double>& actions) {
    static_assert(Environment::info.act == 1, "the actions file has one column");
    out_ << "t," << Environment::info.state_names << (has_theta() ? ",cos_theta,sin_theta" : "")
         << ",action,reward,terminated,truncated\n"
         << std::setprecision(17);
    std::optional<EpisodeEndRow> first_end;
    size_t t = 0;
    for (; t < actions.size(); ++t) {
      print_state(t, state);
      const T action = static_cast<T>(actions[t]);
      const env::Outcome<T> outcome = Environment::step(state, &action);
      const int steps = static_cast<int>(std::min<size_t>(t + 1, Environment::info.time_limit));
      const env::EpisodeEnd end =
          env::episode_end(outcome.terminated, steps, Environment::info.time_limit);
      out_ << ',' << actions[t] << ',' << outcome.reward << ',' << end.terminated << ','
           << end.truncated << '\n';
      if (end.ended() && !first_end) first_end = {t, end};
    }
    print_state(t, state);
    out_ << ",,,,\n";
    return first_end;
  }

 private:
  using Values = std::array<T, Environment::info.state>;

  bool has_theta() const { return theta_ < named_; }

  void print_state(size_t t, const typename Environment::State& state) {
    const Values values = std::bit_cast<Values>(state);
    out_ << t;
    for (size_t i = 0; i < named_; ++i) out_ << ',' << values[i];
    if (!has_theta()) return;
    const double theta = values[theta_];
    out_ << ',' << std::cos(theta) << ',' << std::sin(theta);
  }

  std::ostream& out_;
  size_t named_;  ///< scalars of the state that have a name
  size_t theta_;  ///< place in the state
};

template <class T, template <class> class E>
void run(const SimulateOptions& options, std::ostream& out, std::ostream& notes) {
  typename E<T>::State state;
  if (options.state) {
    const std::vector<double> given = parse_start_state(*options.state, E<T>::info);
    std::array<T, E<T>::info.state> values{};
    std::ranges::transform(given, values.begin(), [](double v) { return static_cast<T>(v); });
    state = std::bit_cast<typename E<T>::State>(values);
  } else {
    ResetDraws<T> draws({options.seed}, Purpose::reset, 0, 0);
    state = E<T>::reset(draws);
  }
  const std::vector<double> actions = files::read_actions(options.actions);
  const std::optional<EpisodeEndRow> row = Trajectory<T, E<T>>(out).print(state, actions);
  if (!row || row->t + 1 == actions.size()) return;
  const std::string reason = row->end.terminated
                                 ? "it terminates"
                                 : fmt::format("the limit of {} steps", E<T>::info.time_limit);
  notes << fmt::format(
      "sac_cuda: the episode ends at t = {}: {}; the rows after it go on without a reset\n", row->t,
      reason);
}

}  // namespace

void simulate(const SimulateOptions& options, std::ostream& out, std::ostream& notes) {
  if (options.device != "auto" && options.device != "cpu") {
    throw UsageError(fmt::format("--device {}: expected auto or cpu", options.device));
  }
  const int environment = options.environment.empty() ? 0 : environment_index(options.environment);
  env::Environments::visit(environment, [&]<template <class> class E>() {
    options.in_double ? run<double, E>(options, out, notes) : run<float, E>(options, out, notes);
  });
}

}  // namespace sac::commands
