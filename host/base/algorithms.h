// The algorithms by name.
#pragma once

#include <string>

#include "kernels/layout.h"

namespace sac {

/// "sac-v1", "sac-v2".
const char* algorithm_name(Algorithm algorithm);

/// Throws a UsageError "<what> <name>: expected sac-v1 or sac-v2" if there is none of this name.
Algorithm algorithm_named(const std::string& name, const std::string& what = "--algorithm");

}  // namespace sac
