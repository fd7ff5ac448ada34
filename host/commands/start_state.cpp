#include "host/commands/start_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "host/base/parse_number.h"
#include "host/base/usage_error.h"
#include "host/files/csv.h"

namespace sac::commands {
namespace {

using Words = std::vector<std::string>;

/// The names of the state in the order in which the observation shows them.
Words observed_order(const env::EnvironmentInfo& info) {
  Words order;
  for (std::string name : files::comma_separated(info.obs_names)) {
    if (name.starts_with("cos_") || name.starts_with("sin_")) name.erase(0, 4);
    if (std::ranges::find(order, name) == order.end()) order.push_back(name);
  }
  return order;
}

/// "x=...,vx=..."
std::string named_form(const Words& names) {
  return fmt::format("{}=...", fmt::join(names, "=...,"));
}

std::vector<double> plain_state(const std::string& text, const Words& cells, const Words& names,
                                const env::EnvironmentInfo& info) {
  if (cells.size() != names.size()) {
    throw UsageError(fmt::format("--state {}: expected {} numbers for {}: {}",
                                 text.empty() ? "''" : text, names.size(), info.id,
                                 info.state_names));
  }
  if (observed_order(info) != names) {
    throw UsageError(
        fmt::format("--state {}: {}'s columns are {}, its observation {}: expected names, {}", text,
                    info.id, info.state_names, info.obs_names, named_form(names)));
  }
  std::vector<double> values(cells.size());
  std::ranges::transform(cells, values.begin(),
                         [](const std::string& cell) { return parse_finite("--state", cell); });
  return values;
}

std::vector<double> named_state(const std::string& text, const Words& cells, const Words& names,
                                const env::EnvironmentInfo& info) {
  const auto refuse = [&](const std::string& what) {
    throw UsageError(
        fmt::format("--state {}: {}; {} expects {}", text, what, info.id, named_form(names)));
  };
  std::vector<std::optional<double>> given(names.size());
  for (const std::string& cell : cells) {
    const size_t equals = cell.find('=');
    const std::string name = cell.substr(0, equals);
    const auto place = std::ranges::find(names, name) - names.begin();
    if (equals == std::string::npos) refuse(fmt::format("'{}' has no name", cell));
    if (place == std::ssize(names)) refuse(fmt::format("there is no '{}'", name));
    if (given[place]) refuse(fmt::format("{} stands twice", name));
    given[place] = parse_finite("--state " + name, cell.substr(equals + 1));
  }
  std::vector<double> values;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!given[i]) refuse(fmt::format("{} is missing", names[i]));
    values.push_back(*given[i]);
  }
  return values;
}

}  // namespace

std::vector<double> parse_start_state(const std::string& text, const env::EnvironmentInfo& info) {
  const Words cells = files::comma_separated(text);
  const Words names = files::comma_separated(info.state_names);
  return text.find('=') == std::string::npos ? plain_state(text, cells, names, info)
                                             : named_state(text, cells, names, info);
}

}  // namespace sac::commands
