// Gradients by central differences of the plain losses: slow, and sharing nothing with the
// learners.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "host/base/learner.h"
#include "host/base/named_parameters.h"

namespace sac::gradcheck {

/// The step of the differences, far smaller than the distance that host/gradcheck/smooth_batch.h
/// keeps from every kink.
inline constexpr double kDifferenceStep = 1e-6;

/// Called now and then with the share of the work that is done, 0 to 1.
using ReportShare = std::function<void(double)>;

/// One tensor's derivatives of its own network's loss.
struct TensorDifferences {
  NamedTensor tensor;
  std::vector<size_t> at;           ///< indices in the parameter vector: two dozen chosen by the
                                    ///< seed, or all of a tensor with no more elements
  std::vector<double> derivatives;  ///< one for each of `at`
};

/// Every trained tensor, on all of the machine's cores; `report` is called on the caller's.
std::vector<TensorDifferences> finite_differences(const LearnerConfig& config,
                                                  const std::vector<double>& parameters,
                                                  const Batch& batch, const ReportShare& report);

}  // namespace sac::gradcheck
