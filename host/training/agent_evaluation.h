// What a policy is worth: evaluations, and their confirmation.
#pragma once

#include <optional>
#include <vector>

#include "host/base/learner.h"
#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

/// A confirmation plays so many times the episodes of an evaluation: half its standard error.
inline constexpr int kConfirmationFactor = 4;

/// One agent's evaluation.
struct AgentEvaluation {
  Returns returns;
  std::optional<Returns> confirmation;  ///< on fresh start states, if there was reason for one
  bool confirmed = false;               ///< does it confirm that the task is solved?
};

/// Evaluates the agents that learn, on start states that no other evaluation of the run has. What
/// has been lucky must not be called solved, nor the best: an agent above the threshold that has
/// not solved the task, or that is better than its best policy, is evaluated again on
/// kConfirmationFactor times as many others. It has solved the task if their mean, less two
/// standard errors, reaches the threshold too.
///
/// By agent; empty for those that do not learn. Nothing at all once `give_up` has said so.
std::vector<std::optional<AgentEvaluation>> evaluate_agents(const TrainConfig& config,
                                                            Learner& learner,
                                                            const RunRecord& record,
                                                            const Learner::GiveUp& give_up);

/// Is this agent's policy its best so far? A confirmed one is better than all that are not; two
/// confirmed ones are compared by their confirmations.
bool is_best(const AgentRecord& before, const AgentEvaluation& evaluation);

}  // namespace sac::training
