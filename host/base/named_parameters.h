// The names that step files and checkpoints have for the tensors of layout.h, in their order.
#pragma once

#include <string>
#include <vector>

#include "kernels/layout.h"

namespace sac {

/// One tensor of the parameter vector under its PyTorch name.
struct NamedTensor {
  std::string name;           ///< e.g. "pi.layers.0.weight"
  Network network;            ///< log_alpha: the temperature, no network's
  size_t offset;              ///< of its first element in the agent's parameter vector
  std::vector<size_t> shape;  ///< [out, in] or [out]

  size_t size() const;  ///< number of elements
};

/// "pi", "q1", "q2", and by the algorithm "v", "v_target" or "q1_target", "q2_target", "log_alpha".
const char* network_name(Algorithm algorithm, Network network);

/// All tensors of one agent.
std::vector<NamedTensor> named_parameters(const Shape& shape);

}  // namespace sac
