// One gradient step of all agents in two parallel halves, as on the GPU (kernels/fused):
//
//   gradients  over tiles of the batch's rows: from the replay to the gradient of every
//              pre-activation. Each tile has two roles that do not wait for one another: pi's and
//              V's (policy_role.h), nine H x H products, and the Q networks' (q_role.h), five; five
//              and seven in sac_v2, which has no V
//   update     over parts of the networks (update.h): weight gradients, Adam, soft update
//
// The first half reads the parameters as they are before the step.
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

  int tiles() const { return tiling_.count; }

  /// Gradient step number `update` (0-based) of the agents that learn, numbers among `agents`, each
  /// on rows drawn from its replay, which holds `size` transitions.
  void run(std::vector<Agent<Arithmetic>>& agents, std::span<const int> learning, uint64_t update,
           uint32_t size);

  /// Are these so many agents that a worker had better take whole ones?
  bool takes_whole_agents(size_t agents) const {
    return agents >= kAgentsPerWorker * static_cast<size_t>(team_.threads());
  }

  /// As `run`, `steps` times, with the same bits: a worker takes an agent through all of them,
  /// while its networks are in the worker's cache.
  void run_whole_agents(std::vector<Agent<Arithmetic>>& agents, std::span<const int> learning,
                        uint64_t update, int steps, uint32_t size);

  /// The same for one agent on the batch that already lies in agent.batch. `gradients` gets the
  /// gradient in the layout of the parameters.
  void run_on_given_batch(Agent<Arithmetic>& agent, uint64_t update, T* gradients);

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
    Worker(const LearnerConfig& c, const Tiling& tiling);
    Roles full, last;
    Update<Arithmetic> update;
  };

  /// Task `task` of the first half: the role of pi and V of every tile, then that of the Qs. Calls
  /// prepare(role, row0) first, which sees to the batch.
  template <class Prepare>
  void run_role(Agent<Arithmetic>& agent, int task, int worker, const Prepare& prepare);
  int role_tasks() const { return 2 * tiling_.count; }
  /// What follows from sums over the tiles: the losses, and sac_v2's temperature.
  void finish(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, int64_t step,
              T* gradients) const;

  int batch_;
  Tiling tiling_;
  UpdateTasks tasks_;
  Team& team_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<UpdateConstants<T>> update_constants_;  ///< of the agents that learn
};

}  // namespace sac::cpu
