// n environments of one kind, stepped together on the host.
//
// State lies in columns, [state][n]. Every call works on a range [begin, end) of environments, so
// that threads can share a batch: calls on disjoint ranges may run at the same time, no call
// allocates, and what happens to an environment does not depend on how the ranges are cut.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "kernels/env/environment.h"
#include "kernels/random.h"

namespace sac::simulation {

/// Rows of scalars, `stride` scalars apart: a matrix, or one field of replay records
/// (kernels/layout.h). Row i belongs to environment begin + i of the range at hand.
template <class T>
struct Rows {
  T* first = nullptr;
  int64_t stride = 0;

  T* operator[](int64_t row) const { return first + row * stride; }
};

/// Where the results of a step go.
template <class T>
struct StepRows {
  Rows<T> reward;      ///< 1 wide
  Rows<T> terminated;  ///< 1 wide, 0 or 1
  Rows<T> truncated;   ///< 1 wide, 0 or 1, never both; not written if `first` is null
  Rows<T> next_obs;    ///< info().obs wide, taken before the reset of an ended episode
};

template <class T>
class EnvironmentBatch {
 public:
  virtual ~EnvironmentBatch() = default;

  virtual const env::EnvironmentInfo& info() const = 0;

  /// Puts environments into start states. Environment e draws for `purpose` with index e at
  /// `step`: Purpose::reset at the vector step that the start state belongs to (0 to begin with),
  /// or Purpose::evaluate at 0, where the environment is the episode.
  virtual void reset(int64_t begin, int64_t end, Purpose purpose, uint64_t step) = 0;

  /// Staggers the time limits from vector step 0 on (kernels/env/environment.h).
  virtual void stagger() = 0;

  /// Writes observations, info().obs wide.
  virtual void observe(int64_t begin, int64_t end, Rows<T> obs) const = 0;

  /// Vector step `vector_step`, with actions info().act wide. An episode ends when it terminates
  /// or, otherwise, is truncated at the time limit; its environment is then reset as by
  /// reset(Purpose::reset, vector_step + 1), so that `observe` shows the next episode.
  virtual void step(int64_t begin, int64_t end, uint64_t vector_step, Rows<const T> action,
                    StepRows<T> out) = 0;

  /// The states, [info().state][n], and every environment's steps since its episode's start, or
  /// since its time limit if those are staggered.
  virtual std::span<const T> states() const = 0;
  virtual std::span<const int> episode_steps() const = 0;

  /// Goes on from what these two gave; both must have their sizes.
  virtual void restore(std::span<const T> states, std::span<const int> episode_steps) = 0;
};

/// `n` environments of kind `index` in Environments, not yet reset. T is float or double. Memory:
/// n * (info.state scalars and a counter). Throws std::out_of_range if there is no such kind.
template <class T>
std::unique_ptr<EnvironmentBatch<T>> make_environment_batch(int index, int64_t n, RandomKey key);

}  // namespace sac::simulation
