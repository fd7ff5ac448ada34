// Stands in for the learner on the CPU, which no reader makes, but which the list of devices names.
#include <stdexcept>

#include "host/cpu/cpu_learner.h"

namespace sac::cpu {

template <>
std::unique_ptr<Learner> make_cpu_learner<float>(const LearnerConfig&) {
  throw std::logic_error("readers need no learner");
}
template <>
std::unique_ptr<Learner> make_cpu_learner<double>(const LearnerConfig&) {
  throw std::logic_error("readers need no learner");
}

}  // namespace sac::cpu
