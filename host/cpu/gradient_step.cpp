#include "host/cpu/gradient_step.h"

namespace sac::cpu {

template <class Arithmetic>
GradientStep<Arithmetic>::Worker::Worker(const LearnerConfig& c, const Tiling& tiling)
    : full(tiling.rows, c.shape),
      last(tiling.rows_of(tiling.count - 1, c.batch), c.shape),
      update(c.batch, c.shape) {}

template <class Arithmetic>
GradientStep<Arithmetic>::GradientStep(const LearnerConfig& c, Team& team)
    : batch_(c.batch), tiling_(c.batch, c.shape.hidden), tasks_(c.shape), team_(team) {
  for (int w = 0; w < team.threads(); ++w) {
    workers_.push_back(std::make_unique<Worker>(c, tiling_));
  }
}

template <class Arithmetic>
template <class Prepare>
void GradientStep<Arithmetic>::run_role(Agent<Arithmetic>& agent, int task, int worker,
                                        const Prepare& prepare) {
  const int tile = task % tiling_.count;
  Worker& w = *workers_[worker];
  Roles& roles = tile == tiling_.count - 1 ? w.last : w.full;
  const int row0 = tiling_.begin(tile);
  Losses& losses = agent.tile_losses[tile];
  if (task < tiling_.count) {
    prepare(roles.policy, row0);
    roles.policy.run(agent, agent.constants, tile, row0, losses);
  } else {
    prepare(roles.q, row0);
    roles.q.run(agent, agent.constants, tile, row0, losses);
  }
}

template <class Arithmetic>
void GradientStep<Arithmetic>::run(std::vector<Agent<Arithmetic>>& agents,
                                   std::span<const int> learning, uint64_t update, uint32_t size) {
  const int count = static_cast<int>(learning.size());
  team_.run(count * role_tasks(), [&](int task, int worker) {
    Agent<Arithmetic>& agent = agents[learning[task / role_tasks()]];
    run_role(agent, task % role_tasks(), worker,
             [&](auto& role, int row0) { role.sample(agent, row0, update, size); });
  });
  update_constants_.clear();
  for (const int p : learning) update_constants_.emplace_back(agents[p].hyper, update + 1);
  // Networks before agents: the large tasks of all agents start first.
  team_.run(count * tasks_.count(), [&](int task, int worker) {
    workers_[worker]->update.run(agents[learning[task % count]], update_constants_[task % count],
                                 task / count, nullptr);
  });
  for (int i = 0; i < count; ++i) {
    finish(agents[learning[i]], update_constants_[i], update + 1, nullptr);
  }
}

template <class Arithmetic>
void GradientStep<Arithmetic>::run_whole_agents(std::vector<Agent<Arithmetic>>& agents,
                                                std::span<const int> learning, uint64_t update,
                                                int steps, uint32_t size) {
  team_.run(static_cast<int>(learning.size()), [&](int number, int worker) {
    Agent<Arithmetic>& agent = agents[learning[number]];
    for (uint64_t step = update; step < update + steps; ++step) {
      for (int task = 0; task < role_tasks(); ++task) {
        run_role(agent, task, worker,
                 [&](auto& role, int row0) { role.sample(agent, row0, step, size); });
      }
      const UpdateConstants<T> c(agent.hyper, step + 1);
      for (int task = 0; task < tasks_.count(); ++task) {
        workers_[worker]->update.run(agent, c, task, nullptr);
      }
      finish(agent, c, step + 1, nullptr);
    }
  });
}

template <class Arithmetic>
void GradientStep<Arithmetic>::run_on_given_batch(Agent<Arithmetic>& agent, uint64_t update,
                                                  T* gradients) {
  team_.run(role_tasks(),
            [&](int task, int worker) { run_role(agent, task, worker, [](auto&, int) {}); });
  const UpdateConstants<T> c(agent.hyper, update + 1);
  team_.run(tasks_.count(),
            [&](int task, int worker) { workers_[worker]->update.run(agent, c, task, gradients); });
  finish(agent, c, update + 1, gradients);
}

template <class Arithmetic>
void GradientStep<Arithmetic>::finish(Agent<Arithmetic>& agent, const UpdateConstants<T>& c,
                                      int64_t step, T* gradients) const {
  Losses sum;
  for (const Losses& tile : agent.tile_losses) {
    sum.v += tile.v;
    sum.pi += tile.pi;
    sum.q1 += tile.q1;
    sum.q2 += tile.q2;
    sum.alpha += tile.alpha;
  }
  int64_t since = agent.losses.not_finite_since;
  agent.losses = {sum.v / batch_, sum.pi / batch_, sum.q1 / batch_, sum.q2 / batch_};
  if (agent.shape.algorithm == Algorithm::sac_v2) {
    const double deficit = sum.alpha / batch_;
    agent.losses.alpha = -deficit * agent.parameters[log_alpha_offset(agent.shape)];
    update_alpha(agent, c, deficit, gradients);
  }
  if (since == 0 && !finite(agent.losses)) since = step;
  agent.losses.not_finite_since = since;
}

template class GradientStep<Float64>;
template class GradientStep<Float32>;
template class GradientStep<Bf16>;
template class GradientStep<Bf16InFloat>;

}  // namespace sac::cpu
