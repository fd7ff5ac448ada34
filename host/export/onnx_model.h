// A policy as an ONNX model.
#pragma once

#include <string>

#include "host/export/exported_policy.h"

namespace sac::exporting {

/// The bytes of a .onnx file, opset 17: input `obs` [N, O], output `action` [N, A], float, N free;
/// the scaling by the largest action is part of the graph. Metadata: `task`, `obs_names`,
/// `action_names`, `obs_low`, `obs_high`, `action_low`, `action_high` (lists with commas; inf where
/// there is no bound), `step_seconds` and `version`.
std::string onnx_model(const ExportedPolicy& policy);

}  // namespace sac::exporting
