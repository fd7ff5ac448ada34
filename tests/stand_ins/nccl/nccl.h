// Stands in for NCCL where CUDA sources run on the CPU: what host/cuda/gradient_exchange.cpp calls,
// with NVIDIA's names and meanings, over MPI.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

struct ncclComm;
using ncclComm_t = ncclComm*;

enum ncclResult_t {
  ncclSuccess = 0,
  ncclInvalidArgument = 4,
  ncclInvalidUsage = 5,
};
enum ncclDataType_t { ncclFloat = 7 };
enum ncclRedOp_t { ncclSum = 0 };

/// Whoever starts a communicator invents one; the others have to have the same.
struct ncclUniqueId {
  char internal[128];
};

/// For tests: a library that is not there, until told otherwise.
void nccl_stand_in_is_there(bool there);

const char* ncclGetErrorString(ncclResult_t result);
ncclResult_t ncclGetVersion(int* version);
ncclResult_t ncclGetUniqueId(ncclUniqueId* id);
ncclResult_t ncclCommInitRank(ncclComm_t* communicator, int ranks, ncclUniqueId id, int rank);
ncclResult_t ncclCommDestroy(ncclComm_t communicator);
/// In place. In the stream's order; the sum is taken in the order of the ranks.
ncclResult_t ncclAllReduce(const void* from, void* to, size_t count, ncclDataType_t type,
                           ncclRedOp_t operation, ncclComm_t communicator, cudaStream_t stream);
