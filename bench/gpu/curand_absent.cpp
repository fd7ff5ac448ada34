// Stands in for cuRAND in a build without it.
#include "bench/gpu/curand.h"

namespace sac::bench {

Curand::Curand(uint64_t) {
  throw CurandError("this build has no cuRAND");
}

Curand::~Curand() = default;

void Curand::fill(float*, uint32_t, cudaStream_t) const {}

}  // namespace sac::bench
