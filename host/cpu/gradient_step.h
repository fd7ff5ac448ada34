// One gradient step of all agents as two parallel phases: wave 1 over tiles of rows, wave 2 over
// parts of the networks. Environment and replay are somebody else's business.
#pragma once

#include <memory>
#include <vector>

#include "host/cpu/agent.h"
#include "host/cpu/policy_value_role.h"
#include "host/cpu/q_role.h"
#include "host/cpu/team.h"
#include "host/cpu/wave2.h"

namespace sac {

template <class Numbers>
class GradientStep {
 public:
  using T = typename Numbers::Real;

  /// Prepares the products of every worker of the team.
  GradientStep(const LearnerConfig& config, Team& team);

  int tiles() const { return tiling_.count; }

  /// Gradient step number `update` (0-based) of every agent on rows drawn from its replay, which
  /// holds `size` transitions.
  void run(std::vector<Agent<Numbers>>& agents, uint64_t update, uint32_t size);

  /// The same for one agent on the batch that already lies in agent.batch. `gradients` gets the
  /// gradient in the layout of the parameters.
  void run_on_given_batch(Agent<Numbers>& agent, uint64_t update, T* gradients);

 private:
  /// The roles of wave 1 for tiles of one height.
  struct Roles {
    Roles(int rows, const Shape& shape) : policy_value(rows, shape), q(rows, shape) {}
    PolicyValueRole<Numbers> policy_value;
    QRole<Numbers> q;
  };

  /// One worker's prepared products, for full tiles and for the shorter last one.
  struct Worker {
    Worker(const LearnerConfig& c, const Tiling& tiling);
    Roles full, last;
    Wave2<Numbers> wave2;
  };

  /// Task `task` of wave 1: the role of pi and V of every tile, then that of the Qs. Calls
  /// prepare(role, row0) first, which sees to the batch.
  template <class Prepare>
  void wave1(Agent<Numbers>& agent, int task, int worker, const Prepare& prepare);
  int wave1_tasks() const { return 2 * tiling_.count; }
  void sum_losses(Agent<Numbers>& agent) const;

  int batch_;
  Hyperparameters hyper_;
  StepConstants<T> constants_;
  Tiling tiling_;
  Wave2Tasks tasks_;
  Team& team_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace sac
