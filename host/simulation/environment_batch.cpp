#include "host/simulation/environment_batch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/env/registry.h"

namespace sac::simulation {
namespace {

template <class T, class Environment>
class Batch final : public EnvironmentBatch<T> {
 public:
  Batch(int64_t n, RandomKey key)
      : n_(n), key_(key), columns_(n * Environment::info.state), steps_(n) {}

  const env::EnvironmentInfo& info() const override { return Environment::info; }

  void reset(int64_t begin, int64_t end, Purpose purpose, uint64_t step) override {
    for (int64_t e = begin; e < end; ++e) start_episode(e, purpose, step);
  }

  void stagger() override {
    staggered_ = true;
    for (int64_t e = 0; e < n_; ++e) steps_[e] = env::staggered_start(e, n_, kTimeLimit);
  }

  void observe(int64_t begin, int64_t end, Rows<T> obs) const override {
    for (int64_t e = begin; e < end; ++e) Environment::observe(load(e), obs[e - begin]);
  }

  void step(int64_t begin, int64_t end, uint64_t vector_step, Rows<const T> action,
            StepRows<T> out) override {
    for (int64_t e = begin; e < end; ++e) {
      const int64_t row = e - begin;
      State state = load(e);
      const env::Outcome<T> outcome = Environment::step(state, action[row]);
      const env::EpisodeEnd ending = env::episode_end(outcome.terminated, ++steps_[e], kTimeLimit);
      *out.reward[row] = outcome.reward;
      *out.terminated[row] = ending.terminated;
      if (out.truncated.first) *out.truncated[row] = ending.truncated;
      Environment::observe(state, out.next_obs[row]);
      if (ending.ended()) {
        start_episode(e, Purpose::reset, vector_step + 1);
      } else {
        store(e, state);
      }
    }
  }

  std::span<const T> states() const override { return columns_; }
  std::span<const int> episode_steps() const override { return steps_; }

  void restore(std::span<const T> states, std::span<const int> episode_steps) override {
    std::ranges::copy(states, columns_.begin());
    std::ranges::copy(episode_steps, steps_.begin());
  }

 private:
  static constexpr int kTimeLimit = Environment::info.time_limit;
  using State = typename Environment::State;
  using Values = std::array<T, Environment::info.state>;

  void start_episode(int64_t e, Purpose purpose, uint64_t step) {
    ResetDraws<T> draws(key_, purpose, static_cast<uint32_t>(e), step);
    store(e, Environment::reset(draws));
    if (!staggered_ || steps_[e] >= kTimeLimit) steps_[e] = 0;
  }

  State load(int64_t e) const {
    Values values;
    for (size_t i = 0; i < values.size(); ++i) values[i] = columns_[i * n_ + e];
    return std::bit_cast<State>(values);
  }

  void store(int64_t e, const State& state) {
    const Values values = std::bit_cast<Values>(state);
    for (size_t i = 0; i < values.size(); ++i) columns_[i * n_ + e] = values[i];
  }

  int64_t n_;
  RandomKey key_;
  std::vector<T> columns_;
  std::vector<int> steps_;  ///< taken in the current episode; staggered: since the last time limit
  bool staggered_ = false;
};

}  // namespace

template <class T>
std::unique_ptr<EnvironmentBatch<T>> make_environment_batch(int index, int64_t n, RandomKey key) {
  std::unique_ptr<EnvironmentBatch<T>> batch;
  env::Environments::visit(
      index, [&]<template <class> class E>() { batch = std::make_unique<Batch<T, E<T>>>(n, key); });
  if (!batch) throw std::out_of_range("there is no environment number " + std::to_string(index));
  return batch;
}

template std::unique_ptr<EnvironmentBatch<float>> make_environment_batch(int, int64_t, RandomKey);
template std::unique_ptr<EnvironmentBatch<double>> make_environment_batch(int, int64_t, RandomKey);

}  // namespace sac::simulation
