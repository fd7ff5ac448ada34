#include "bench/gpu/curand.h"

#include <curand.h>

#include <string>

namespace sac::bench {
namespace {

void check(curandStatus_t status, const char* call) {
  if (status == CURAND_STATUS_SUCCESS) return;
  throw CurandError(std::string(call) + ": cuRAND status " + std::to_string(status));
}

}  // namespace

Curand::Curand(uint64_t seed) {
  check(curandCreateGenerator(&generator_, CURAND_RNG_PSEUDO_PHILOX4_32_10),
        "curandCreateGenerator");
  check(curandSetPseudoRandomGeneratorSeed(generator_, seed), "curandSetPseudoRandomGeneratorSeed");
}

Curand::~Curand() {
  curandDestroyGenerator(generator_);
}

void Curand::fill(float* normals, uint32_t count, cudaStream_t stream) const {
  check(curandSetStream(generator_, stream), "curandSetStream");
  check(curandGenerateNormal(generator_, normals, count, 0, 1), "curandGenerateNormal");
}

}  // namespace sac::bench
