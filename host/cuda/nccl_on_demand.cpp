// NCCL's functions as gradient_exchange.cpp calls them, from the library that is loaded at the
// first call: only a run on several GPUs makes one.
#include <nccl.h>

#include "host/cuda/library_on_demand.h"

namespace {

const sac::cuda::LibraryOnDemand& library() {
  static const sac::cuda::LibraryOnDemand nccl("libnccl.so.2", SAC_NCCL);
  return nccl;
}

template <class... Arguments>
ncclResult_t call(const char* name, Arguments... arguments) {
  return library().call(name, ncclSystemError, arguments...);
}

}  // namespace

const char* ncclGetErrorString(ncclResult_t result) {
  return library().call("ncclGetErrorString", library().absent(), result);
}

ncclResult_t ncclGetVersion(int* version) {
  return call("ncclGetVersion", version);
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
  return call("ncclGetUniqueId", id);
}

ncclResult_t ncclCommInitRank(ncclComm_t* communicator, int ranks, ncclUniqueId id, int rank) {
  return call("ncclCommInitRank", communicator, ranks, id, rank);
}

ncclResult_t ncclCommDestroy(ncclComm_t communicator) {
  return call("ncclCommDestroy", communicator);
}

ncclResult_t ncclAllReduce(const void* from, void* to, size_t count, ncclDataType_t type,
                           ncclRedOp_t operation, ncclComm_t communicator, cudaStream_t stream) {
  return call("ncclAllReduce", from, to, count, type, operation, communicator, stream);
}
