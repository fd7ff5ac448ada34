// Wave 1 of a gradient step: from the replay to the gradients of every pre-activation. The work is
// cut into tiles of rows, and each tile into two roles that do not wait for one another: pi's and
// V's (policy_value_role.h), nine H x H products, and the Q networks' (q_role.h), five. All read
// the parameters as they are before the step.
#pragma once

#include <vector>

#include "host/cpu/agent.h"

namespace sac {

/// How a batch is cut into tiles: fixed by the sizes alone, so that the bits do not depend on the
/// number of threads. An even number of them, so that two threads get as many long roles and as
/// many short ones. Narrow networks get taller tiles, since there the price of a call decides.
struct Tiling {
  int count, rows;  ///< all tiles have `rows` rows but the last, which may have fewer

  Tiling(int batch, int hidden);
  int begin(int tile) const { return tile * rows; }
  int rows_of(int tile, int batch) const;
};

/// The parts of a gradient step that follow from the configuration.
template <class T>
struct StepConstants {
  explicit StepConstants(const LearnerConfig& c);
  T gamma, reward_scale, max_action, log_std_low, log_std_high;
  T row_weight;  ///< 1 / batch
};

/// The replay records of a tile's rows, drawn uniformly. Drawing also starts to bring them into
/// the cache.
template <class Numbers>
class SampledRecords {
 public:
  using T = typename Numbers::Real;

  explicit SampledRecords(int rows) : records_(static_cast<size_t>(rows)) {}

  /// Rows row0, row0 + 1, ... of gradient step `update`; `size` transitions lie in the replay.
  void draw(const Agent<Numbers>& agent, int row0, uint64_t update, uint32_t size);
  const T* operator[](int row) const { return records_[static_cast<size_t>(row)]; }

 private:
  std::vector<const T*> records_;
};

}  // namespace sac
