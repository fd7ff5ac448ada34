// The environments by the names and numbers that the host knows them by.
#pragma once

#include <string>

#include "kernels/env/environment.h"

namespace sac {

/// The index in Environments of the one with this id. Throws UsageError, listing the ids, if there
/// is none.
int environment_index(const std::string& id);

/// What is known about an environment in Environments.
const env::EnvironmentInfo& environment_info(int environment);

}  // namespace sac
