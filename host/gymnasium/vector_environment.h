// n environments of one task as gymnasium.vector.VectorEnv steps them: one call for all of them,
// with their ends and restarts.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "host/cpu/team.h"
#include "host/simulation/environment_batch.h"

namespace sac::gymnasium {

/// When an environment whose episode has ended starts its next one.
enum class Autoreset {
  same_step,  ///< at once: the observation is the new episode's first one
  next_step,  ///< with the next step, whose action is ignored and whose reward is 0
};

/// Where a step's results go, one row per environment.
struct StepArrays {
  float* obs;        ///< [n, info().obs]
  float* reward;     ///< [n]
  bool* terminated;  ///< [n]
  bool* truncated;   ///< [n], never both
  float* final_obs;  ///< [n, info().obs]: last observations of episodes that ended, where the
                     ///< autoreset is same_step; other rows are left alone
};

/// Not thread-safe: one call at a time.
class VectorEnvironment {
 public:
  /// Task number `environment` in Environments, not yet reset. `threads` share the work; what
  /// happens does not depend on how many they are.
  VectorEnvironment(int environment, int64_t envs, Autoreset autoreset, int threads);

  const env::EnvironmentInfo& info() const { return batch_->info(); }

  /// New episodes everywhere, with their first observations into obs [n, info().obs]. A seed begins
  /// a new stream of start states, each environment's its own; without one the stream goes on.
  void reset(std::optional<uint64_t> seed, float* obs);

  /// One step of every environment with actions [n, info().act]. Returns whether an episode ended.
  bool step(const float* action, const StepArrays& out);

 private:
  template <class Work>
  void share(const Work& work);
  void step_block(int64_t begin, int64_t end, const float* action, const StepArrays& out);
  void play(int64_t begin, int64_t end, const float* action, const StepArrays& out);
  void start_waiting(int64_t e, const StepArrays& out);
  void note_end(int64_t e, const StepArrays& out);

  int environment_;
  int64_t envs_;
  Autoreset autoreset_;
  std::unique_ptr<simulation::EnvironmentBatch<float>> batch_;
  cpu::Team team_;
  uint64_t clock_ = 0;                         ///< vector steps and resets so far
  std::vector<float> terminated_, truncated_;  ///< [n], as the batch gives them
  std::vector<uint8_t> waiting_;               ///< [n], for the next step to start an episode
  std::atomic<bool> any_ended_ = false;
};

}  // namespace sac::gymnasium
