#include "host/base/environments.h"

#include <fmt/format.h>

#include "host/base/usage_error.h"
#include "kernels/env/registry.h"

namespace sac {

int environment_index(const std::string& id, std::string_view name) {
  std::string ids;
  for (int i = 0; i < env::Environments::size; ++i) {
    if (id == env::Environments::info[i].id) return i;
    ids += (i == 0 ? "" : ", ") + std::string(env::Environments::info[i].id);
  }
  throw UsageError(fmt::format("{} {}: expected {}", name, id.empty() ? "''" : id, ids));
}

const env::EnvironmentInfo& environment_info(int environment) {
  return env::Environments::info[environment];
}

}  // namespace sac
