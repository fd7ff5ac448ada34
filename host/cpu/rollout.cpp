#include "host/cpu/rollout.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

namespace sac::cpu {

template <class Arithmetic>
Rollout<Arithmetic>::Worker::Worker(const LearnerConfig& c, int64_t envs)
    : full(static_cast<int>(std::min(envs, kTileRows)), c.shape),
      last(static_cast<int>((envs - 1) % kTileRows + 1), c.shape) {}

template <class Arithmetic>
Rollout<Arithmetic>::Rollout(const LearnerConfig& c, Team& team)
    : config_(c),
      tiles_((c.envs + kTileRows - 1) / kTileRows),
      own_(c.ranks == nullptr ? ranks::Part{0, tiles_} : c.ranks->part(tiles_)),
      team_(team) {
  for (int p = 0; p < c.agents; ++p) {
    const RandomKey key{c.seed + p};
    environments_.push_back(simulation::make_environment_batch<T>(c.environment, c.envs, key));
    environments_.back()->reset(0, c.envs, Purpose::reset, 0);
    const int time_limit = environments_.back()->info().time_limit;
    if (env::staggers_time_limits(c.envs, c.replay_capacity, time_limit)) {
      environments_.back()->stagger();
    }
    episode_returns_.emplace_back(2 * c.envs);
    std::fill(episode_returns_.back().begin() + c.envs, episode_returns_.back().end(), NAN);
  }
  for (int w = 0; w < team.threads(); ++w) {
    workers_.push_back(std::make_unique<Worker>(c, c.envs));
  }
}

template <class Arithmetic>
void Rollout<Arithmetic>::step(std::vector<Agent<Arithmetic>>& agents,
                               std::span<const int> learning, uint64_t t, Actions actions) {
  const int64_t own = own_.count();
  team_.run(static_cast<int>(own * learning.size()), [&](int task, int worker) {
    const int agent = learning[task / own];
    const int64_t tile = own_.begin + task % own;
    Worker& w = *workers_[worker];
    step_tile(agents[agent], agent, tile == tiles_ - 1 ? w.last : w.full, tile * kTileRows, t,
              actions);
  });
  if (config_.ranks == nullptr) return;
  const uint64_t capacity = config_.replay_capacity;
  const uint64_t slot = replay_slot(t, config_.envs, 0, capacity);
  const int64_t cut = std::min(config_.envs, static_cast<int64_t>(capacity - slot));
  for (const int agent : learning) {
    complete_records(agents[agent], 0, cut, slot);
    if (cut < config_.envs) complete_records(agents[agent], cut, config_.envs, 0);
  }
}

template <class Arithmetic>
std::vector<int64_t> Rollout<Arithmetic>::begins(int64_t begin, int64_t end, int64_t each) const {
  std::vector<int64_t> begins;
  for (int rank = 0; rank <= config_.ranks->size; ++rank) {
    const int64_t env = config_.ranks->part(tiles_, rank).begin * kTileRows;
    begins.push_back((std::clamp(env, begin, end) - begin) * each);
  }
  return begins;
}

template <class Arithmetic>
void Rollout<Arithmetic>::complete_records(Agent<Arithmetic>& agent, int64_t begin, int64_t end,
                                           uint64_t slot) const {
  const size_t size = record_layout(config_.shape).size;
  config_.ranks->complete(std::span<T>(&agent.replay[slot * size], (end - begin) * size),
                          begins(begin, end, static_cast<int64_t>(size)));
}

template <class Arithmetic>
void Rollout<Arithmetic>::bring_together(int agent) {
  if (config_.ranks == nullptr) return;
  const std::vector<int64_t> parts = begins(0, config_.envs, 1);
  const auto complete_rows = [&]<class E>(std::span<E> rows) {
    for (size_t row = 0; row < rows.size(); row += config_.envs) {
      config_.ranks->complete(rows.subspan(row, config_.envs), parts);
    }
  };
  simulation::EnvironmentBatch<T>& envs = *environments_[agent];
  std::vector<T> states(envs.states().begin(), envs.states().end());
  std::vector<int> steps(envs.episode_steps().begin(), envs.episode_steps().end());
  complete_rows(std::span(states));
  complete_rows(std::span(steps));
  complete_rows(episode_returns(agent));
  envs.restore(states, steps);
}

template <class Arithmetic>
void Rollout<Arithmetic>::step_tile(Agent<Arithmetic>& agent, int p, PolicyRows<Arithmetic>& policy,
                                    int64_t begin, uint64_t t, Actions actions) {
  const int64_t end = begin + policy.rows();
  environments_[p]->observe(begin, end, {policy.obs(), config_.shape.obs + 1});
  if (actions == Actions::random) {
    policy.act_at_random(agent.key, agent.constants, begin, t);
  } else {
    policy.sample(agent.weights(Network::pi), agent.key, Purpose::explore, agent.constants, begin,
                  t);
  }
  const uint64_t capacity = config_.replay_capacity;
  const uint64_t slot = replay_slot(t, config_.envs, begin, capacity);
  const int64_t cut = std::min(end, begin + static_cast<int64_t>(capacity - slot));
  step_range(agent, p, policy, 0, begin, cut, slot, t);
  if (cut < end) step_range(agent, p, policy, cut - begin, cut, end, 0, t);  // the ring wraps
}

template <class Arithmetic>
void Rollout<Arithmetic>::step_range(Agent<Arithmetic>& agent, int p,
                                     const PolicyRows<Arithmetic>& policy, int64_t row,
                                     int64_t begin, int64_t end, uint64_t slot, uint64_t t) {
  const Shape& s = config_.shape;
  const RecordLayout r = record_layout(s);
  T* records = &agent.replay[slot * r.size];
  const T* obs = policy.obs() + row * (s.obs + 1);
  const T* action = policy.action() + row * s.act;
  for (int64_t i = 0; i < end - begin; ++i) {
    T* record = records + i * r.size;
    for (int d = 0; d < s.obs; ++d) record[d] = obs[i * (s.obs + 1) + d];
    for (int d = 0; d < s.act; ++d) record[r.action + d] = action[i * s.act + d];
    std::fill(record + r.next_obs + s.obs, record + r.size, T(0));  // snapshots hold it too
  }
  std::array<T, kTileRows> truncated;
  environments_[p]->step(begin, end, t, {action, s.act},
                         {.reward = {records + r.reward, r.size},
                          .terminated = {records + r.terminated, r.size},
                          .truncated = {truncated.data(), 1},
                          .next_obs = {records + r.next_obs, r.size}});
  float* running = &episode_returns_[p][begin];
  for (int64_t i = 0; i < end - begin; ++i) {
    const T* record = records + i * r.size;
    running[i] += static_cast<float>(record[r.reward]);
    if (record[r.terminated] == 0 && truncated[i] == 0) continue;
    running[config_.envs + i] = running[i];
    running[i] = 0;
  }
}

template <class Arithmetic>
std::vector<Evaluation> Rollout<Arithmetic>::evaluate(const std::vector<Agent<Arithmetic>>& agents,
                                                      const EpisodePlan& plan,
                                                      const Learner::GiveUp& give_up) const {
  // Smaller tiles than in training: a tile goes on until its longest episode has ended.
  constexpr int kEpisodes = 32;
  const int episodes = plan.episodes;
  const int tiles = (episodes + kEpisodes - 1) / kEpisodes;
  const auto key_of = [&](size_t p) { return RandomKey{plan.seed + p}; };
  std::vector<Evaluation> evaluations(agents.size());
  std::vector<Player> players;
  for (size_t p = 0; p < agents.size(); ++p) {
    if (!plan.plays(p)) continue;
    Player& player = players.emplace_back(
        p, simulation::make_environment_batch<T>(config_.environment, episodes, key_of(p)),
        WeightCopies<Unrounded>(config_.shape, Network::pi));
    player.environments->reset(0, episodes, plan.purpose, plan.number);
    player.policy.refresh(agents[p].parameters);
    evaluations[p].returns.resize(episodes);
    evaluations[p].lengths.resize(episodes);
  }
  std::atomic<bool> given_up = false;
  const auto ask = [&] {
    if (!given_up && give_up()) given_up = true;
    return given_up.load();
  };
  team_.run(tiles * static_cast<int>(players.size()), [&](int task, int) {
    const Player& player = players[task / tiles];
    const size_t p = player.agent;
    const int begin = task % tiles * kEpisodes;
    const auto noise = plan.sampled ? std::optional(key_of(p)) : std::nullopt;
    play(agents[p], player, noise, begin, std::min(begin + kEpisodes, episodes), ask,
         evaluations[p]);
  });
  if (given_up) return {};
  return evaluations;
}

/// Each until its first end; what ended ones do afterwards is not counted.
template <class Arithmetic>
void Rollout<Arithmetic>::play(const Agent<Arithmetic>& agent, const Player& player,
                               std::optional<RandomKey> noise, int64_t begin, int64_t end,
                               const Learner::GiveUp& give_up, Evaluation& evaluation) const {
  const NetworkWeights<Unrounded> pi = player.policy.weights(agent.parameters);
  simulation::EnvironmentBatch<T>& envs = *player.environments;
  const int rows = static_cast<int>(end - begin);
  const Shape& s = config_.shape;
  PolicyRows<Unrounded> policy(rows, s);
  std::vector<T> reward(rows), terminated(rows), truncated(rows);
  std::vector<T> next_obs(rows * s.obs);
  std::vector<bool> ended(rows, false);
  uint64_t t = 0;
  for (int running = rows; running > 0 && !give_up(); ++t) {
    envs.observe(begin, end, {policy.obs(), s.obs + 1});
    if (noise) {
      policy.sample(pi, *noise, Purpose::sample, agent.constants, begin, t);
    } else {
      policy.exploit(pi, agent.constants);
    }
    envs.step(begin, end, t, {policy.action(), s.act},
              {.reward = {reward.data(), 1},
               .terminated = {terminated.data(), 1},
               .truncated = {truncated.data(), 1},
               .next_obs = {next_obs.data(), s.obs}});
    for (int i = 0; i < rows; ++i) {
      if (ended[i]) continue;
      const int64_t episode = begin + i;
      evaluation.returns[episode] += reward[i];
      ++evaluation.lengths[episode];
      ended[i] = terminated[i] != 0 || truncated[i] != 0;
      if (ended[i]) --running;
    }
  }
}

template class Rollout<Float64>;
template class Rollout<Float32>;
template class Rollout<Bf16>;
template class Rollout<Bf16InFloat>;

}  // namespace sac::cpu
