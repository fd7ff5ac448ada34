// The policy that a user names, for the commands that play it or pass it on.
#pragma once

#include <string>

#include "host/files/checkpoint.h"
#include "kernels/env/environment.h"

namespace sac::commands {

/// A policy and the task that it acts in.
struct PlayedPolicy {
  std::string file;  ///< where it was found
  files::Policy policy;
  int environment;  ///< index in Environments

  const env::EnvironmentInfo& task() const;
};

/// Reads the policy of `run`: a run directory's best one, or a file. Its task is `env`, an id, or
/// the file's own where that is empty. A policy that does not say its bound of actions is taken to
/// have the task's. Without log sigma's head where `mean_is_enough`. Throws UsageError if there is
/// no policy, if the file is damaged or of a newer format, or if it does not fit the task.
PlayedPolicy read_played_policy(const std::string& run, const std::string& env,
                                bool mean_is_enough);

/// A line on standard error if the policy was trained for another task than the one at hand.
void warn_of_another_task(const PlayedPolicy& played);

}  // namespace sac::commands
