// Hyperparameters of which none is the default.
#pragma once

#include "host/base/learner.h"

namespace sac {

inline Hyperparameters other_hyperparameters() {
  return {.gamma = 0.9,
          .tau = 0.1,
          .reward_scale = 0.7,
          .policy_lr = 1e-3,
          .value_lr = 2e-3,
          .q_lr = 3e-3,
          .alpha_lr = 4e-3,
          .target_entropy = -0.2,
          .beta1 = 0.8,
          .beta2 = 0.99,
          .adam_eps = 1e-6,
          .log_std = {-0.4, 0.3}};
}

}  // namespace sac
