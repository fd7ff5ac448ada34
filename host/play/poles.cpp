#include "host/play/poles.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "host/base/usage_error.h"
#include "host/files/csv.h"

namespace sac::play {

PolePlaces pole_places(const env::EnvironmentInfo& task) {
  const std::vector<std::string> names = files::comma_separated(task.state_names);
  const auto place = [&](const char* name) -> std::optional<size_t> {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return found - names.begin();
  };
  const std::optional<size_t> theta2 = place("theta2");
  const std::optional<size_t> theta = place(theta2 ? "theta1" : "theta");
  const std::optional<size_t> theta_dot = place(theta2 ? "omega1" : "theta_dot");
  if (!theta || !theta_dot) {
    throw UsageError(fmt::format("{}: no picture of a task without theta", task.id));
  }
  return {place("x"), *theta, *theta_dot, theta2};
}

}  // namespace sac::play
