// The processes that share a sweep, or a learner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace sac::ranks {

/// Things in a row, [begin, end), that fall to one rank.
struct Part {
  int64_t begin = 0, end = 0;
  int64_t count() const { return end - begin; }
};

/// Started by mpirun, srun or the like, in a build with MPI, there are several, which see the same
/// files; else there is one. One object in a process. What takes or gives values of several ranks
/// is a call of all: each has to make it, in the same order as the others, from the thread that
/// made the object.
class Ranks {
 public:
  Ranks();
  virtual ~Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank = 0, size = 1;              ///< of all
  int local_rank = 0, local_size = 1;  ///< of those on this machine

  /// Of `count` things the part of rank `of`: as even as can be.
  Part part(int64_t count, int of) const { return {count * of / size, count * (of + 1) / size}; }
  Part part(int64_t count) const { return part(count, rank); }

  /// What rank 0 has, on all of them.
  template <class T>
  T from_first(T value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    broadcast(&value, sizeof(T));
    return value;
  }
  template <class T>
  std::vector<T> from_first(std::vector<T> values) const {
    values.resize(from_first(values.size()));
    broadcast(values.data(), values.size() * sizeof(T));
    return values;
  }

  /// Adds up what the ranks have, element by element and in their order: the same bits on all, run
  /// for run. Moves twice the values, as a ring would.
  void sum(std::span<float> values) const;
  void sum(std::span<double> values) const;

  /// Each rank r has elements [begins[r], begins[r + 1]) of the values; then all have all of them.
  template <class T>
  void complete(std::span<T> values, const std::vector<int64_t>& begins) const {
    complete_bytes(values.data(), begins, sizeof(T));
  }

  /// Returns once all ranks have come here.
  void wait_for_all() const;

  /// The last call, once the work is done. A rank that leaves without it, by an error or a signal,
  /// has the launcher end the others, which might wait for it.
  void finish() const;

 private:
  /// Virtual: the library that a program without kernels loads is not linked to this.
  virtual void broadcast(void* data, size_t bytes) const;
  void complete_bytes(void* data, const std::vector<int64_t>& begins, size_t element) const;
};

}  // namespace sac::ranks
