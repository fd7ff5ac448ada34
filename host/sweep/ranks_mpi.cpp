// With MPI.
#include <mpi.h>

#include <cstdlib>

#include "host/sweep/ranks.h"

namespace sac::sweep {
namespace {

/// Started without a launcher, MPI would begin with a daemon of its own.
bool launched() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(variable) != nullptr) return true;
  }
  return false;
}

}  // namespace

Ranks::Ranks() {
  if (!launched()) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Comm local;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &local);
  MPI_Comm_rank(local, &local_rank);
  MPI_Comm_size(local, &local_size);
  MPI_Comm_free(&local);
}

std::vector<int> Ranks::from_first(std::vector<int> values) const {
  if (size == 1) return values;
  int count = static_cast<int>(values.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, MPI_COMM_WORLD);
  values.resize(count);
  MPI_Bcast(values.data(), count, MPI_INT, 0, MPI_COMM_WORLD);
  return values;
}

void Ranks::wait_for_all() const {
  if (size > 1) MPI_Barrier(MPI_COMM_WORLD);
}

void Ranks::finish() const {
  if (launched()) MPI_Finalize();
}

}  // namespace sac::sweep
