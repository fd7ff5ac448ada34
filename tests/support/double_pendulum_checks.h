// What is the same for both double pendulums.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "host/files/csv.h"
#include "tests/support/golden_trajectory.h"

namespace sac {

/// Over `golden`, whose column `name` is an observation that is not in the state: the largest
/// distance of what is observed after a step from a row's state, in double, from the row after it.
template <template <class> class E>
double observation_error(const GoldenTrajectory& golden, const std::string& name) {
  const std::vector<std::string> names = files::comma_separated(E<double>::info.obs_names);
  const auto place = std::ranges::find(names, name) - names.begin();
  double error = 0;
  for (size_t t = 0; t < golden.steps(); ++t) {
    const double action = golden.at(t, "action");
    if (std::isnan(action)) continue;
    auto state = std::bit_cast<typename E<double>::State>(golden.state<E<double>>(t));
    E<double>::step(state, &action);
    std::array<double, E<double>::info.obs> obs;
    E<double>::observe(state, obs.data());
    error = std::max(error, std::abs(obs[place] - golden.at(t + 1, name)));
  }
  return error;
}

}  // namespace sac
