// With MPI.
#include <mpi.h>

#include <algorithm>
#include <cstdlib>

#include "host/ranks/ranks.h"

namespace sac::ranks {
namespace {

/// Started without a launcher, MPI would begin with a daemon of its own.
bool launched() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(variable) != nullptr) return true;
  }
  return false;
}

/// Calls of MPI count in int: larger things go in pieces.
constexpr size_t kPiece = size_t{1} << 30;

/// Every rank adds up a part of the values, which it then gives to all.
template <class T>
void sum_in_order(const Ranks& ranks, std::span<T> values) {
  const auto bytes = [](int64_t elements) { return static_cast<int>(elements * sizeof(T)); };
  const auto all = static_cast<int64_t>(values.size());
  const int64_t own = ranks.part(all).count();
  std::vector<int> counts, begins, own_counts(ranks.size, bytes(own)), own_begins;
  for (int r = 0; r < ranks.size; ++r) {
    const Part part = ranks.part(all, r);
    counts.push_back(bytes(part.count()));
    begins.push_back(bytes(part.begin));
    own_begins.push_back(bytes(own * r));
  }
  std::vector<T> received(own * ranks.size);
  MPI_Alltoallv(values.data(), counts.data(), begins.data(), MPI_BYTE, received.data(),
                own_counts.data(), own_begins.data(), MPI_BYTE, MPI_COMM_WORLD);
  T* sum = received.data();
  for (int r = 1; r < ranks.size; ++r) {
    const T* of_rank = sum + own * r;
    for (int64_t i = 0; i < own; ++i) sum[i] += of_rank[i];
  }
  MPI_Allgatherv(sum, bytes(own), MPI_BYTE, values.data(), counts.data(), begins.data(), MPI_BYTE,
                 MPI_COMM_WORLD);
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

void Ranks::broadcast(void* data, size_t bytes) const {
  if (size == 1) return;
  for (size_t begin = 0; begin < bytes; begin += kPiece) {
    MPI_Bcast(static_cast<std::byte*>(data) + begin,
              static_cast<int>(std::min(kPiece, bytes - begin)), MPI_BYTE, 0, MPI_COMM_WORLD);
  }
}

void Ranks::sum(std::span<float> values) const {
  if (size > 1) sum_in_order(*this, values);
}

void Ranks::sum(std::span<double> values) const {
  if (size > 1) sum_in_order(*this, values);
}

void Ranks::complete_bytes(void* data, const std::vector<int64_t>& begins, size_t element) const {
  if (size == 1) return;
  std::vector<int> counts, places;
  for (int r = 0; r < size; ++r) {
    counts.push_back(static_cast<int>((begins[r + 1] - begins[r]) * element));
    places.push_back(static_cast<int>(begins[r] * element));
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_BYTE, data, counts.data(), places.data(), MPI_BYTE,
                 MPI_COMM_WORLD);
}

void Ranks::wait_for_all() const {
  if (size > 1) MPI_Barrier(MPI_COMM_WORLD);
}

void Ranks::finish() const {
  if (launched()) MPI_Finalize();
}

}  // namespace sac::ranks
