#include "host/base/environments.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/base/closest.h"
#include "host/base/usage_error.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

/// "Pendulum" for "Pendulum-v1".
std::string without_version(const std::string& id) {
  return id.substr(0, id.rfind("-v"));
}

/// The id that a user may have meant: another version of it, or one like it. Empty if there is
/// none.
std::string meant_id(const std::string& id) {
  std::vector<std::string> names;
  for (const env::EnvironmentInfo& info : env::Environments::info) {
    names.push_back(without_version(info.id));
  }
  const std::string meant = closest(without_version(id), names);
  const auto index = std::ranges::find(names, meant) - names.begin();
  return meant.empty() ? "" : env::Environments::info[index].id;
}

}  // namespace

int environment_index(const std::string& id, std::string_view name) {
  std::string ids;
  for (int i = 0; i < env::Environments::size; ++i) {
    if (id == env::Environments::info[i].id) return i;
    ids += (i == 0 ? "" : ", ") + std::string(env::Environments::info[i].id);
  }
  const std::string meant = meant_id(id);
  throw UsageError(fmt::format("{} {}: expected {}{}", name, id.empty() ? "''" : id, ids,
                               meant.empty() ? "" : "; did you mean " + meant + "?"));
}

const env::EnvironmentInfo& environment_info(int environment) {
  return env::Environments::info[environment];
}

}  // namespace sac
