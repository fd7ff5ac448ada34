// Trajectories of tests/data/envs, and how far a simulator is from them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/files/csv.h"
#include "kernels/env/environment.h"

namespace sac {

/// One file: row t holds the state before step t, the action of step t and what the step returned.
/// A row without an action closes a flight.
class GoldenTrajectory {
 public:
  explicit GoldenTrajectory(const std::string& name) {
    std::ifstream file(path(name));
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error("no file " + path(name));
    names_ = files::comma_separated(line);
    while (std::getline(file, line)) rows_.push_back(files::comma_separated(line));
  }

  static std::string path(const std::string& name) { return SAC_TEST_DATA "/envs/" + name; }

  size_t steps() const { return rows_.size() - 1; }

  /// NaN for a cell that is empty and for a column that is not there.
  double at(size_t row, const std::string& column) const {
    const auto found = std::find(names_.begin(), names_.end(), column);
    if (found == names_.end()) return std::nan("");
    const std::string& cell = rows_.at(row).at(static_cast<size_t>(found - names_.begin()));
    return cell.empty() ? std::nan("") : std::atof(cell.c_str());
  }

  /// The state of one row, with the columns that Environment names, and 0 for what has no name.
  template <class Environment>
  auto state(size_t row) const {
    std::array<double, Environment::info.state> values{};
    const std::vector<std::string> columns = files::comma_separated(Environment::info.state_names);
    for (size_t i = 0; i < columns.size(); ++i) values[i] = at(row, columns[i]);
    return values;
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

/// Largest absolute errors over a trajectory, of what the file has.
struct TrajectoryError {
  double state = 0, reward = 0;
  int wrong_terminated = 0;  ///< steps
};

/// Steps E<T> along `golden`. Before each step `prepare(t, state)` may replace the state and gives
/// the action.
template <template <class> class E, class T, class Prepare>
TrajectoryError follow(const GoldenTrajectory& golden, Prepare prepare) {
  using State = typename E<T>::State;
  using Values = std::array<T, E<T>::info.state>;
  const auto rounded = [&](size_t row) {
    Values values;
    std::ranges::transform(golden.state<E<T>>(row), values.begin(),
                           [](double v) { return static_cast<T>(v); });
    return std::bit_cast<State>(values);
  };
  const size_t named = files::comma_separated(E<T>::info.state_names).size();
  TrajectoryError error;
  State state = rounded(0);
  for (size_t t = 0; t < golden.steps(); ++t) {
    if (std::isnan(golden.at(t, "action"))) continue;
    const T action = static_cast<T>(prepare(t, state, rounded));
    const env::Outcome<T> outcome = E<T>::step(state, &action);
    const Values values = std::bit_cast<Values>(state);
    const auto expected = golden.state<E<T>>(t + 1);
    for (size_t i = 0; i < named; ++i) {
      error.state = std::fmax(error.state, std::abs(values[i] - expected[i]));
    }
    error.reward = std::fmax(error.reward, std::abs(outcome.reward - golden.at(t, "reward")));
    const double terminated = golden.at(t, "terminated");
    error.wrong_terminated += !std::isnan(terminated) && outcome.terminated != (terminated == 1);
  }
  return error;
}

/// Every step starts from the file's state.
template <template <class> class E, class T>
TrajectoryError one_step_error(const GoldenTrajectory& golden) {
  return follow<E, T>(golden, [&](size_t t, auto& state, const auto& rounded) {
    state = rounded(t);
    return golden.at(t, "action");
  });
}

/// The file's actions, the simulator's own state.
template <template <class> class E, class T>
TrajectoryError open_loop_error(const GoldenTrajectory& golden) {
  return follow<E, T>(golden, [&](size_t t, auto&, const auto&) { return golden.at(t, "action"); });
}

/// The linear controller that the balance files were made with, on the simulator's own state.
template <template <class> class E, class T>
TrajectoryError closed_loop_error(const GoldenTrajectory& golden, const std::array<double, 4>& k,
                                  double wave) {
  return follow<E, T>(golden, [&](size_t t, auto& s, const auto&) {
    const double u = -(k[0] * s.x + k[1] * s.vx + k[2] * s.theta + k[3] * s.theta_dot) +
                     wave * std::sin(0.37 * static_cast<double>(t));
    const double bound = E<T>::info.max_action;
    return static_cast<float>(std::clamp(u, -bound, bound));
  });
}

inline void expect_within(const TrajectoryError& error, double state, double reward) {
  EXPECT_LE(error.state, state);
  EXPECT_LE(error.reward, reward);
  EXPECT_EQ(error.wrong_terminated, 0);
}

}  // namespace sac
