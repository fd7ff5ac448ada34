#include "host/training/annealing.h"

namespace sac::training {

Hyperparameters annealed(Hyperparameters hyper, int64_t updates_to_solve, int64_t updates) {
  const double factor = static_cast<double>(updates_to_solve) / static_cast<double>(updates);
  for (double* rate : {&hyper.policy_lr, &hyper.value_lr, &hyper.q_lr, &hyper.alpha_lr})
    *rate *= factor;
  return hyper;
}

}  // namespace sac::training
