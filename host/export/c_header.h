// A policy as a header in C.
#pragma once

#include <string>

#include "host/export/exported_policy.h"

namespace sac::exporting {

/// The text of a header in C99, which is C++ too: the weights as constants, and one function
///
///     static inline void <name>(const float obs[O], float action[A]);
///
/// Of the C library it needs tanhf alone. Numbers are written so that they are read back exactly;
/// sums run in ascending order. `name` must be an identifier in C.
std::string c_header(const ExportedPolicy& policy, const std::string& name);

/// A function's name for a header's file name: "policy_action" for "policy.h". What no identifier
/// may have becomes an underscore.
std::string c_name(const std::string& stem);

}  // namespace sac::exporting
