#include <mpi.h>
#include <nccl.h>

#include <simt/library.h>
#include <cstring>
#include <vector>

struct ncclComm {
  int ranks = 1;
};

namespace {

constexpr char kId[] = "an id of rank 0's";

bool is_there = true;

void sum_in_order(float* values, size_t count, int ranks) {
  std::vector<float> all(count * static_cast<size_t>(ranks));
  MPI_Allgather(values, static_cast<int>(count), MPI_FLOAT, all.data(), static_cast<int>(count),
                MPI_FLOAT, MPI_COMM_WORLD);
  for (size_t i = 0; i < count; ++i) {
    values[i] = all[i];
    for (size_t r = 1; r < static_cast<size_t>(ranks); ++r) values[i] += all[r * count + i];
  }
}

}  // namespace

void nccl_stand_in_is_there(bool there) {
  is_there = there;
}

const char* ncclGetErrorString(ncclResult_t result) {
  if (!is_there) return "libnccl.so.2 could not be loaded";
  return result == ncclInvalidUsage ? "invalid usage" : "invalid argument";
}

ncclResult_t ncclGetVersion(int* version) {
  *version = 1;
  return is_there ? ncclSuccess : ncclInvalidUsage;
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
  std::memcpy(id->internal, kId, sizeof kId);
  return ncclSuccess;
}

ncclResult_t ncclCommInitRank(ncclComm_t* communicator, int ranks, ncclUniqueId id, int) {
  if (std::memcmp(id.internal, kId, sizeof kId) != 0) return ncclInvalidArgument;
  int size = 1, started = 0;
  MPI_Initialized(&started);
  if (started != 0) MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size != ranks) return ncclInvalidUsage;
  *communicator = new ncclComm{ranks};
  return ncclSuccess;
}

ncclResult_t ncclCommDestroy(ncclComm_t communicator) {
  delete communicator;  // work that it submitted does not refer to it
  return ncclSuccess;
}

ncclResult_t ncclAllReduce(const void* from, void* to, size_t count, ncclDataType_t, ncclRedOp_t,
                           ncclComm_t communicator, cudaStream_t stream) {
  if (from != to) return ncclInvalidArgument;
  const int ranks = communicator->ranks;
  if (ranks == 1) return ncclSuccess;
  const auto work = [to, count, ranks] { sum_in_order(static_cast<float*>(to), count, ranks); };
  return simt::submit(stream, work) == cudaSuccess ? ncclSuccess : ncclInvalidUsage;
}
