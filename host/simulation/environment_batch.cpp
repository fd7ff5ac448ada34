#include "host/simulation/environment_batch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/simulation/environment_lanes.h"
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
    for (int64_t e = begin; e < end; e += Lanes::kLanes) {
      const int lanes = lanes_from(e, end);
      Lanes block;
      load(e, lanes, block.state);
      block.observe();
      scatter(block.obs, lanes, from(obs, e - begin));
    }
  }

  void step(int64_t begin, int64_t end, uint64_t vector_step, Rows<const T> action,
            StepRows<T> out) override {
    for (int64_t e = begin; e < end; e += Lanes::kLanes) {
      const int lanes = lanes_from(e, end);
      const int64_t row = e - begin;
      Lanes block;
      load(e, lanes, block.state);
      gather(from(action, row), lanes, block.action);
      fill_lanes(&steps_[e], lanes, block.episode_steps);
      block.step();
      store(e, lanes, block.state);
      copy_lanes<Lanes::kLanes>(block.episode_steps, lanes, &steps_[e]);
      scatter(block.reward, lanes, from(out.reward, row));
      scatter(block.terminated, lanes, from(out.terminated, row));
      if (out.truncated.first) scatter(block.truncated, lanes, from(out.truncated, row));
      scatter(block.obs, lanes, from(out.next_obs, row));
      if (!block.any_ended()) continue;
      for (int lane = 0; lane < lanes; ++lane) {
        if (block.ended(lane)) start_episode(e + lane, Purpose::reset, vector_step + 1);
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
  using Lanes = EnvironmentLanes<T, Environment>;
  static constexpr int kState = Environment::info.state;

  /// How many of [e, end) one block takes.
  static int lanes_from(int64_t e, int64_t end) {
    return static_cast<int>(std::min<int64_t>(Lanes::kLanes, end - e));
  }

  template <class Scalar>
  static Rows<Scalar> from(Rows<Scalar> rows, int64_t row) {
    return {rows[row], rows.stride};
  }

  void start_episode(int64_t e, Purpose purpose, uint64_t step) {
    ResetDraws<T> draws(key_, purpose, static_cast<uint32_t>(e), step);
    const auto start = std::bit_cast<std::array<T, kState>>(Environment::reset(draws));
    for (int i = 0; i < kState; ++i) columns_[i * n_ + e] = start[i];
    if (!staggered_ || steps_[e] >= kTimeLimit) steps_[e] = 0;
  }

  void load(int64_t e, int lanes, T (&state)[kState][Lanes::kLanes]) const {
    for (int i = 0; i < kState; ++i) fill_lanes(&columns_[i * n_ + e], lanes, state[i]);
  }

  void store(int64_t e, int lanes, const T (&state)[kState][Lanes::kLanes]) {
    for (int i = 0; i < kState; ++i) {
      copy_lanes<Lanes::kLanes>(state[i], lanes, &columns_[i * n_ + e]);
    }
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
