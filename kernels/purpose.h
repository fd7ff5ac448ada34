// What random numbers are for: a coordinate of kernels/random.h's counter.
#pragma once

#include <cstdint>

namespace sac {

/// What a random number is for. Values are part of the file format of a seed: append, never
/// reorder.
enum class Purpose : uint32_t {
  initialise,    ///< parameters; element = index in the agent's parameter vector
  reset,         ///< start states; element = 16 * environment + draw, step = vector step
  warm_up,       ///< uniform actions; element = environment * act + dimension, step = vector step
  explore,       ///< rollout noise; element = environment * act + dimension, step = vector step
  replay_index,  ///< batch rows; element = row, step = gradient step
  value_noise,   ///< epsilon of eq. 5; element = row * act + dimension, step = gradient step
  policy_noise,  ///< epsilon of eq. 12; element = row * act + dimension, step = gradient step
  evaluate,    ///< start states of the command `evaluate`; element = 16 * episode + draw, step = 0
  monitor,     ///< start states of a run's evaluations; the same, step = the evaluation's number
  sample,      ///< noise of evaluated actions; element = episode * act + dimension, step = the
               ///< episode's
  confirm,     ///< start states of a run's confirming evaluations; as `monitor`
  next_noise,  ///< epsilon of sac_v2's a' at s'; element = row * act + dimension, step = gradient
               ///< step
};

}  // namespace sac
