#include "host/cpu/gradient_step.h"

namespace sac {

template <class T>
GradientStep<T>::Worker::Worker(const LearnerConfig& c, const Tiling& tiling)
    : full(tiling.rows, c),
      last(tiling.rows_of(tiling.count - 1, c.batch), c),
      wave2(c.batch, c.shape, c.precision) {}

template <class T>
GradientStep<T>::GradientStep(const LearnerConfig& c, Team& team)
    : batch_(c.batch),
      hyper_(c.hyper),
      constants_(c),
      tiling_(c.batch, c.shape.hidden),
      tasks_(c.shape.hidden),
      team_(team) {
  for (int w = 0; w < team.threads(); ++w) {
    workers_.push_back(std::make_unique<Worker>(c, tiling_));
  }
}

template <class T>
template <class Prepare>
void GradientStep<T>::wave1(Agent<T>& agent, int task, int worker, const Prepare& prepare) {
  const int tile = task % tiling_.count;
  Worker& w = *workers_[static_cast<size_t>(worker)];
  Roles& roles = tile == tiling_.count - 1 ? w.last : w.full;
  const int row0 = tiling_.begin(tile);
  Losses& losses = agent.tile_losses[static_cast<size_t>(tile)];
  if (task < tiling_.count) {
    prepare(roles.policy, row0);
    roles.policy.run(agent, constants_, row0, losses.pi);
  } else {
    prepare(roles.value, row0);
    roles.value.run(agent, constants_, row0, losses.q1, losses.q2);
  }
}

template <class T>
void GradientStep<T>::run(std::vector<Agent<T>>& agents, uint64_t update, uint32_t size) {
  const int count = static_cast<int>(agents.size());
  team_.run(count * wave1_tasks(), [&](int task, int worker) {
    Agent<T>& agent = agents[static_cast<size_t>(task / wave1_tasks())];
    wave1(agent, task % wave1_tasks(), worker,
          [&](auto& role, int row0) { role.sample(agent, row0, update, size); });
  });
  const UpdateConstants<T> c(hyper_, static_cast<int64_t>(update) + 1);
  // Networks before agents: the large tasks of all agents start first.
  team_.run(count * tasks_.count(), [&](int task, int worker) {
    workers_[static_cast<size_t>(worker)]->wave2.run(agents[static_cast<size_t>(task % count)], c,
                                                     task / count, nullptr);
  });
  for (Agent<T>& agent : agents) sum_losses(agent);
}

template <class T>
void GradientStep<T>::run_on_given_batch(Agent<T>& agent, uint64_t update, T* gradients) {
  team_.run(wave1_tasks(),
            [&](int task, int worker) { wave1(agent, task, worker, [](auto&, int) {}); });
  const UpdateConstants<T> c(hyper_, static_cast<int64_t>(update) + 1);
  team_.run(tasks_.count(), [&](int task, int worker) {
    workers_[static_cast<size_t>(worker)]->wave2.run(agent, c, task, gradients);
  });
  sum_losses(agent);
}

template <class T>
void GradientStep<T>::sum_losses(Agent<T>& agent) const {
  Losses sum;
  for (const Losses& tile : agent.tile_losses) {
    sum.pi += tile.pi;
    sum.q1 += tile.q1;
    sum.q2 += tile.q2;
  }
  agent.losses = {agent.value_loss / batch_, sum.pi / batch_, sum.q1 / batch_, sum.q2 / batch_};
}

template class GradientStep<float>;
template class GradientStep<double>;

}  // namespace sac
