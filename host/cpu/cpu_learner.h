// The learner on the CPU: float trains, double is the reference that everything is checked against.
#pragma once

#include <memory>

#include "host/base/learner.h"

namespace sac::cpu {

/// T is float, whose products have config.precision, or double, which rounds nothing. Same seed,
/// same results, bit for bit, for any config.threads.
template <class T>
std::unique_ptr<Learner> make_cpu_learner(const LearnerConfig& config);

template <>
std::unique_ptr<Learner> make_cpu_learner<float>(const LearnerConfig& config);
template <>
std::unique_ptr<Learner> make_cpu_learner<double>(const LearnerConfig& config);

}  // namespace sac::cpu
