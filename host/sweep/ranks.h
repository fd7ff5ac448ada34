// The processes that share a sweep.
#pragma once

#include <vector>

namespace sac::sweep {

/// Started by mpirun, srun or the like, in a build with MPI, there are several, which see the same
/// files; else there is one. One object in a process.
class Ranks {
 public:
  Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank = 0, size = 1;              ///< of all
  int local_rank = 0, local_size = 1;  ///< of those on this machine

  /// What rank 0 has, on all of them.
  std::vector<int> from_first(std::vector<int> values) const;

  /// Returns once all ranks have come here.
  void wait_for_all() const;

  /// The last call, once the work is done. A rank that leaves without it, by an error or a signal,
  /// has the launcher end the others, which might wait for it.
  void finish() const;
};

}  // namespace sac::sweep
