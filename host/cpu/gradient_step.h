// One gradient step of all agents in two parallel halves, as on the GPU (kernels/fused):
//
//   gradients  over tiles of the batch's rows: from the replay to the gradient of every
//              pre-activation. Each tile has two roles that do not wait for one another: pi's and
//              V's (policy_role.h), nine H x H products, and the Q networks' (q_role.h), five; five
//              and seven in sac_v2, which has no V
//   update     over parts of the networks (update.h): weight gradients, Adam, soft update
//
// The first half reads the parameters as they are before the step. Where several processes are one
// learner, each takes its part of the tiles, and the update comes in two: what each has of the
// gradient is added up in between (host/ranks), and all make the same step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "host/cpu/agent.h"
#include "host/cpu/policy_role.h"
#include "host/cpu/q_role.h"
#include "host/cpu/team.h"
#include "host/cpu/tiling.h"
#include "host/cpu/update.h"

namespace sac::cpu {

template <class Arithmetic>
class GradientStep {
 public:
  using T = typename Arithmetic::Real;

  /// Prepares the products of every worker of the team.
  GradientStep(const LearnerConfig& config, Team& team);

  /// This process's tiles of the batch.
  ranks::Part tiles() const { return own_; }

  /// Gradient step number `update` (0-based) of the agents that learn, numbers among `agents`, each
  /// on rows drawn from its replay, which holds `size` transitions.
  void run(std::vector<Agent<Arithmetic>>& agents, std::span<const int> learning, uint64_t update,
           uint32_t size);

  /// Are these so many agents that a worker had better take whole ones?
  bool takes_whole_agents(size_t agents) const {
    return ranks_ == nullptr && agents >= kAgentsPerWorker * static_cast<size_t>(team_.threads());
  }

  /// As `run`, `steps` times, with the same bits: a worker takes an agent through all of them,
  /// while its networks are in the worker's cache.
  void run_whole_agents(std::vector<Agent<Arithmetic>>& agents, std::span<const int> learning,
                        uint64_t update, int steps, uint32_t size);

  /// The same for one agent on the batch that already lies in agent.batch.
  void run_on_given_batch(Agent<Arithmetic>& agent, uint64_t update);

 private:
  static constexpr size_t kAgentsPerWorker = 8;  ///< or some would wait long for the last one

  /// The roles for tiles of one height.
  struct Roles {
    Roles(int rows, const Shape& shape) : policy(rows, shape), q(rows, shape) {}
    PolicyRole<Arithmetic> policy;
    QRole<Arithmetic> q;
  };

  /// One worker's prepared products, for full tiles and for the shorter last one.
  struct Worker {
    Worker(const LearnerConfig& c, const Tiling& tiling, ranks::Part tiles);
    Roles full, last;
    Update<Arithmetic> update;
  };

  /// An agent in the second half.
  struct Stepping {
    Agent<Arithmetic>& agent;
    UpdateConstants<T> constants;
  };

  /// Task `task` of the first half: the role of pi and V of every own tile, then that of the Qs.
  /// Calls prepare(role, row0) first, which sees to the batch.
  template <class Prepare>
  void run_role(Agent<Arithmetic>& agent, int task, int worker, const Prepare& prepare);
  int role_tasks() const { return 2 * static_cast<int>(own_.count()); }
  /// The second half of gradient step number `step`, from 1, of all that are stepping.
  void update(int64_t step);
  /// What follows from sums over the tiles: the losses, and sac_v2's temperature.
  void finish(const Stepping& stepping, int64_t step) const;
  Losses sum_of_losses(const Agent<Arithmetic>& agent) const;
  /// Adds up the processes' gradients.
  void sum_gradients(Agent<Arithmetic>& agent) const;

  int batch_;
  Tiling tiling_;
  const ranks::Ranks* ranks_;
  ranks::Part own_;
  UpdateTasks tasks_;
  Team& team_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Stepping> stepping_;
};

}  // namespace sac::cpu
