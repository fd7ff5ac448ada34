// The environments by id and by index.
#pragma once

#include <string>
#include <string_view>

#include "kernels/env/environment.h"

namespace sac {

/// The index in Environments of the one with this id. Throws a UsageError "<name> <id>: expected
/// ...", which lists the ids, if there is none.
int environment_index(const std::string& id, std::string_view name = "--env");

/// What is known about an environment in Environments.
const env::EnvironmentInfo& environment_info(int environment);

}  // namespace sac
