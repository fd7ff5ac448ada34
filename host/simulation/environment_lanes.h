// Environments side by side: one loop over lanes steps a block of them in vector instructions.
//
// The compiler makes those from the environments' own headers: the loop has a fixed number of
// turns, every array is local, and what is a branch in a header becomes a choice between two
// values. That needs -fno-trapping-math (host/CMakeLists.txt), since both sides of a branch are
// then computed, also where one of them divides by zero; nothing here asks for floating-point
// exceptions. g++ does it for every task, which a test holds it to; clang for Pendulum-v1 alone.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "host/simulation/environment_batch.h"

namespace sac::simulation {

template <class T, class Environment>
class EnvironmentLanes {
 public:
  /// A multiple of what any processor's vectors hold, so that every lane is computed alike, filled
  /// or not. Few for double: its sine and cosine are the C library's and take one lane at a time.
  static constexpr int kLanes = std::is_same_v<T, float> ? 32 : 4;

  /// What a block holds of each lane: rows of scalars, a lane to a column.
  template <int rows>
  using Block = T[rows][kLanes];

  alignas(64) Block<Environment::info.state> state;
  alignas(64) Block<Environment::info.act> action;
  alignas(64) Block<Environment::info.obs> obs;
  alignas(64) Block<1> reward;
  alignas(64) Block<1> terminated;  ///< 0 or 1
  alignas(64) Block<1> truncated;   ///< 0 or 1, never both
  alignas(64) int episode_steps[kLanes];

  /// From `state`, `action` and `episode_steps` to what they are after the step, and all else.
  [[gnu::flatten]] void step() {
    for (int lane = 0; lane < kLanes; ++lane) {
      State s = state_of(lane);
      std::array<T, Environment::info.act> a;
      for (size_t i = 0; i < a.size(); ++i) a[i] = action[i][lane];
      // Not const: g++ 12 would keep it in memory and make no vectors of it; nor does it of bool
      // that is converted to T.
      env::Outcome<T> outcome = Environment::step(s, a.data());
      const Values values = std::bit_cast<Values>(s);
      for (size_t i = 0; i < values.size(); ++i) state[i][lane] = values[i];
      reward[0][lane] = outcome.reward;
      terminated[0][lane] = outcome.terminated ? T(1) : T(0);
    }
    for (int lane = 0; lane < kLanes; ++lane) {
      env::EpisodeEnd end = env::episode_end(terminated[0][lane] != 0, ++episode_steps[lane],
                                             Environment::info.time_limit);
      truncated[0][lane] = end.truncated ? T(1) : T(0);
    }
    observe();
  }

  /// From `state` to its `obs`.
  [[gnu::flatten]] void observe() {
    for (int lane = 0; lane < kLanes; ++lane) {
      std::array<T, Environment::info.obs> o;
      Environment::observe(state_of(lane), o.data());
      for (size_t i = 0; i < o.size(); ++i) obs[i][lane] = o[i];
    }
  }

  /// By the latest step.
  bool ended(int lane) const { return terminated[0][lane] + truncated[0][lane] != 0; }

  /// In any lane, those not filled among them.
  bool any_ended() const {
    int any = 0;
    for (int lane = 0; lane < kLanes; ++lane) any |= ended(lane) ? 1 : 0;
    return any != 0;
  }

 private:
  using State = typename Environment::State;
  using Values = std::array<T, Environment::info.state>;

  State state_of(int lane) const {
    Values values;
    for (size_t i = 0; i < values.size(); ++i) values[i] = state[i][lane];
    return std::bit_cast<State>(values);
  }
};

/// Copies so many of a block's row. All of them are a few vectors, where a number that is known
/// only at run time may cost more than the step itself.
template <int kLanes, class N>
void copy_lanes(const N* from, int lanes, N* to) {
  if (lanes == kLanes) {
    std::copy_n(from, kLanes, to);
  } else {
    std::copy_n(from, lanes, to);
  }
}

/// Fills the first `lanes` lanes from as many numbers, and the others with zeros.
template <class N, int kLanes>
void fill_lanes(const N* numbers, int lanes, N (&row)[kLanes]) {
  copy_lanes<kLanes>(numbers, lanes, row);
  std::fill(row + lanes, row + kLanes, N(0));
}

/// Fills the block's first `lanes` columns from as many rows, and the others with zeros.
template <class T, int width, int kLanes>
void gather(Rows<const T> rows, int lanes, T (&block)[width][kLanes]) {
  if (width == 1 && rows.stride == 1) return fill_lanes(rows.first, lanes, block[0]);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int i = 0; i < width; ++i) block[i][lane] = rows[lane][i];
  }
  for (int i = 0; i < width; ++i) std::fill(block[i] + lanes, block[i] + kLanes, T(0));
}

/// Writes the block's first `lanes` columns to as many rows.
template <class T, int width, int kLanes>
void scatter(const T (&block)[width][kLanes], int lanes, Rows<T> rows) {
  if (width == 1 && rows.stride == 1) return copy_lanes<kLanes>(block[0], lanes, rows.first);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int i = 0; i < width; ++i) rows[lane][i] = block[i][lane];
  }
}

}  // namespace sac::simulation
