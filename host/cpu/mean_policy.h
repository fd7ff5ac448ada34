// A policy's mean action for given observations, as the CPU learner's evaluation takes it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernels/layout.h"

namespace sac::cpu {

class MeanPolicy {
 public:
  /// For `rows` observations at once. `parameters` in the layout of kernels/layout.h, at least the
  /// policy's part of it. Actions lie in [-max_action, max_action]. Computes on the
  /// thread that makes it, which is to call it.
  MeanPolicy(const Shape& shape, double max_action, const std::vector<double>& parameters,
             int rows);
  ~MeanPolicy();

  /// max_action tanh(mean) [rows, A] of observations [rows, O]. The result stays until the next
  /// call.
  std::span<const float> act(std::span<const float> obs);

 private:
  struct Network;
  std::unique_ptr<Network> network_;
};

}  // namespace sac::cpu
