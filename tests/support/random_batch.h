// Batches of standard normals for gradient steps, the same numbers for every learner.
#pragma once

#include <vector>

#include "host/base/learner.h"
#include "kernels/random.h"

namespace sac {

/// Standard normals, rounded to float so that float and double learners get the same numbers.
inline std::vector<double> normals(size_t count, uint64_t seed) {
  std::vector<double> values(count);
  for (uint32_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(random_normal<double>({seed}, Purpose::explore, i, 0));
  }
  return values;
}

/// A batch of the configured size and its noise; every third row is terminated.
inline Batch random_batch(const LearnerConfig& c, uint64_t seed = 1) {
  const size_t rows = static_cast<size_t>(c.batch), obs = static_cast<size_t>(c.shape.obs),
               act = static_cast<size_t>(c.shape.act);
  Batch batch{.size = c.batch,
              .obs = normals(rows * obs, seed),
              .action = normals(rows * act, seed + 1),
              .reward = normals(rows, seed + 2),
              .next_obs = normals(rows * obs, seed + 3),
              .terminated = std::vector<double>(rows, 0),
              .target_noise = normals(rows * act, seed + 4),
              .policy_noise = normals(rows * act, seed + 5)};
  for (size_t i = 0; i < rows; i += 3) batch.terminated[i] = 1;
  return batch;
}

}  // namespace sac
