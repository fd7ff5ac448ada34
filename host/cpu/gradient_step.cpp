#include "host/cpu/gradient_step.h"

#include <array>

namespace sac::cpu {

template <class Arithmetic>
GradientStep<Arithmetic>::Worker::Worker(const LearnerConfig& c, const Tiling& tiling,
                                         ranks::Part tiles)
    : full(tiling.rows, c.shape),
      last(tiling.rows_of(tiling.count - 1, c.batch), c.shape),
      update(tiling.begin(static_cast<int>(tiles.begin)), tiling.rows_in(tiles, c.batch), c.shape) {
}

template <class Arithmetic>
GradientStep<Arithmetic>::GradientStep(const LearnerConfig& c, Team& team)
    : batch_(c.batch),
      tiling_(c.batch, c.shape.hidden),
      ranks_(c.ranks),
      own_(ranks_ == nullptr ? ranks::Part{0, tiling_.count} : ranks_->part(tiling_.count)),
      tasks_(c.shape),
      team_(team) {
  for (int w = 0; w < team.threads(); ++w) {
    workers_.push_back(std::make_unique<Worker>(c, tiling_, own_));
  }
}

template <class Arithmetic>
template <class Prepare>
void GradientStep<Arithmetic>::run_role(Agent<Arithmetic>& agent, int task, int worker,
                                        const Prepare& prepare) {
  const int own = static_cast<int>(own_.count()), number = task % own;
  const int tile = static_cast<int>(own_.begin) + number;
  Worker& w = *workers_[worker];
  Roles& roles = tile == tiling_.count - 1 ? w.last : w.full;
  const int row0 = tiling_.begin(tile);
  Losses& losses = agent.tile_losses[number];
  if (task < own) {
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
  team_.run(static_cast<int>(learning.size()) * role_tasks(), [&](int task, int worker) {
    Agent<Arithmetic>& agent = agents[learning[task / role_tasks()]];
    run_role(agent, task % role_tasks(), worker,
             [&](auto& role, int row0) { role.sample(agent, row0, update, size); });
  });
  stepping_.clear();
  for (const int p : learning) {
    stepping_.push_back({agents[p], UpdateConstants<T>(agents[p].hyper, update + 1)});
  }
  this->update(update + 1);
}

template <class Arithmetic>
void GradientStep<Arithmetic>::update(int64_t step) {
  // Networks before agents: the large tasks of all agents start first.
  const int count = static_cast<int>(stepping_.size());
  const auto run_tasks = [&](const auto& run_one) {
    team_.run(count * tasks_.count(), [&](int task, int worker) {
      run_one(workers_[worker]->update, stepping_[task % count], task / count);
    });
  };
  using Half = Update<Arithmetic>;
  if (ranks_ == nullptr) {
    run_tasks([](Half& u, const Stepping& s, int task) { u.run(s.agent, s.constants, task); });
  } else {
    run_tasks([](Half& u, const Stepping& s, int task) { u.reduce(s.agent, task); });
    for (const Stepping& s : stepping_) sum_gradients(s.agent);
    run_tasks([](Half& u, const Stepping& s, int task) { u.apply(s.agent, s.constants, task); });
  }
  for (const Stepping& s : stepping_) finish(s, step);
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
      const Stepping stepping{agent, UpdateConstants<T>(agent.hyper, step + 1)};
      for (int task = 0; task < tasks_.count(); ++task) {
        workers_[worker]->update.run(agent, stepping.constants, task);
      }
      finish(stepping, step + 1);
    }
  });
}

template <class Arithmetic>
void GradientStep<Arithmetic>::run_on_given_batch(Agent<Arithmetic>& agent, uint64_t update) {
  team_.run(role_tasks(),
            [&](int task, int worker) { run_role(agent, task, worker, [](auto&, int) {}); });
  stepping_.clear();
  stepping_.push_back({agent, UpdateConstants<T>(agent.hyper, update + 1)});
  this->update(update + 1);
}

template <class Arithmetic>
void GradientStep<Arithmetic>::sum_gradients(Agent<Arithmetic>& agent) const {
  // Targets, which have none, come last.
  const int trained = trained_networks(agent.shape.algorithm);
  const size_t count = network_layout(agent.shape, static_cast<Network>(trained)).w1;
  ranks_->sum(std::span<T>(agent.gradients.data(), count));
}

template <class Arithmetic>
Losses GradientStep<Arithmetic>::sum_of_losses(const Agent<Arithmetic>& agent) const {
  Losses sum;
  for (const Losses& tile : agent.tile_losses) {
    sum.v += tile.v;
    sum.pi += tile.pi;
    sum.q1 += tile.q1;
    sum.q2 += tile.q2;
    sum.alpha += tile.alpha;
  }
  if (ranks_ == nullptr) return sum;
  std::array<double, 5> all{sum.v, sum.pi, sum.q1, sum.q2, sum.alpha};
  ranks_->sum(all);
  return {all[0], all[1], all[2], all[3], all[4]};
}

template <class Arithmetic>
void GradientStep<Arithmetic>::finish(const Stepping& stepping, int64_t step) const {
  Agent<Arithmetic>& agent = stepping.agent;
  const Losses sum = sum_of_losses(agent);
  int64_t since = agent.losses.not_finite_since;
  agent.losses = {sum.v / batch_, sum.pi / batch_, sum.q1 / batch_, sum.q2 / batch_};
  if (agent.shape.algorithm == Algorithm::sac_v2) {
    const double deficit = sum.alpha / batch_;
    agent.losses.alpha = -deficit * agent.parameters[log_alpha_offset(agent.shape)];
    update_alpha(agent, stepping.constants, deficit);
  }
  if (since == 0 && !finite(agent.losses)) since = step;
  agent.losses.not_finite_since = since;
}

template class GradientStep<Float64>;
template class GradientStep<Float32>;
template class GradientStep<Bf16>;
template class GradientStep<Bf16InFloat>;

}  // namespace sac::cpu
