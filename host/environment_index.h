// A user's choice of environment.
#pragma once

#include <string>

namespace sac {

/// The index in Environments of the one with this id. Throws UsageError, listing the ids, if there
/// is none.
int environment_index(const std::string& id);

}  // namespace sac
