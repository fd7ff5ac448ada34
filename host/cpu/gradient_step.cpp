#include "host/cpu/gradient_step.h"

namespace sac {

template <class T>
GradientStep<T>::Worker::Worker(const LearnerConfig& c, const Tiling& tiling)
    : full(tiling.rows, c.shape),
      last(tiling.rows_of(tiling.count - 1, c.batch), c.shape),
      wave2(c.batch, c.shape) {}

template <class T>
GradientStep<T>::GradientStep(const LearnerConfig& c, Team& team)
    : batch_(c.batch),
      hyper_(c.hyper),
      constants_(c),
      tiling_(c.batch),
      tasks_(c.shape.hidden),
      team_(team) {
  for (int w = 0; w < team.threads(); ++w) {
    workers_.push_back(std::make_unique<Worker>(c, tiling_));
  }
}

template <class T>
Wave1<T>& GradientStep<T>::wave1(int worker, int tile) {
  Worker& w = *workers_[static_cast<size_t>(worker)];
  return tile == tiling_.count - 1 ? w.last : w.full;
}

template <class T>
void GradientStep<T>::run(std::vector<Agent<T>>& agents, uint64_t update, uint32_t size) {
  const int count = static_cast<int>(agents.size());
  team_.run(count * tiling_.count, [&](int task, int worker) {
    Agent<T>& agent = agents[static_cast<size_t>(task / tiling_.count)];
    const int tile = task % tiling_.count, row0 = tiling_.begin(tile);
    Wave1<T>& wave = wave1(worker, tile);
    wave.sample(agent, row0, update, size);
    wave.gradients(agent, constants_, row0, agent.tile_losses[static_cast<size_t>(tile)]);
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
  team_.run(tiling_.count, [&](int tile, int worker) {
    wave1(worker, tile)
        .gradients(agent, constants_, tiling_.begin(tile),
                   agent.tile_losses[static_cast<size_t>(tile)]);
  });
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
    sum.v += tile.v;
    sum.pi += tile.pi;
    sum.q1 += tile.q1;
    sum.q2 += tile.q2;
  }
  agent.losses = {sum.v / batch_, sum.pi / batch_, sum.q1 / batch_, sum.q2 / batch_};
}

template class GradientStep<float>;
template class GradientStep<double>;

}  // namespace sac
