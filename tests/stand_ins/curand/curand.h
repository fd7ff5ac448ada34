// Stands in for cuRAND on the SIMT emulator: the part of its host API that draws normals in bulk.
// The numbers are the C++ library's, not cuRAND's: drawn at once, copied in the stream's order.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

enum curandStatus_t {
  CURAND_STATUS_SUCCESS = 0,
  CURAND_STATUS_NOT_INITIALIZED = 101,
  CURAND_STATUS_TYPE_ERROR = 103,
  CURAND_STATUS_LENGTH_NOT_MULTIPLE = 105,
  CURAND_STATUS_PREEXISTING_FAILURE = 202,
};

enum curandRngType_t {
  CURAND_RNG_PSEUDO_PHILOX4_32_10 = 161,
};

struct curandGenerator_st;
using curandGenerator_t = curandGenerator_st*;

curandStatus_t curandCreateGenerator(curandGenerator_t* generator, curandRngType_t type);
curandStatus_t curandDestroyGenerator(curandGenerator_t generator);
curandStatus_t curandSetPseudoRandomGeneratorSeed(curandGenerator_t generator,
                                                  unsigned long long seed);
curandStatus_t curandSetStream(curandGenerator_t generator, cudaStream_t stream);

/// `count` normals, an even number, into device memory, in the stream's order.
curandStatus_t curandGenerateNormal(curandGenerator_t generator, float* output, size_t count,
                                    float mean, float standard_deviation);
