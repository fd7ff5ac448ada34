#include <curand.h>

#include <random>
#include <vector>

struct curandGenerator_st {
  std::mt19937_64 engine;
  cudaStream_t stream = nullptr;
};

curandStatus_t curandCreateGenerator(curandGenerator_t* generator, curandRngType_t type) {
  if (type != CURAND_RNG_PSEUDO_PHILOX4_32_10) return CURAND_STATUS_TYPE_ERROR;
  *generator = new curandGenerator_st;
  return CURAND_STATUS_SUCCESS;
}

curandStatus_t curandDestroyGenerator(curandGenerator_t generator) {
  if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
  delete generator;
  return CURAND_STATUS_SUCCESS;
}

curandStatus_t curandSetPseudoRandomGeneratorSeed(curandGenerator_t generator,
                                                  unsigned long long seed) {
  if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
  generator->engine.seed(seed);
  return CURAND_STATUS_SUCCESS;
}

curandStatus_t curandSetStream(curandGenerator_t generator, cudaStream_t stream) {
  if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
  generator->stream = stream;
  return CURAND_STATUS_SUCCESS;
}

curandStatus_t curandGenerateNormal(curandGenerator_t generator, float* output, size_t count,
                                    float mean, float standard_deviation) {
  if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
  if (count % 2 != 0) return CURAND_STATUS_LENGTH_NOT_MULTIPLE;
  std::normal_distribution<float> normal(mean, standard_deviation);
  std::vector<float> values(count);
  for (float& x : values) x = normal(generator->engine);
  const cudaError_t copied = cudaMemcpyAsync(output, values.data(), count * sizeof(float),
                                             cudaMemcpyHostToDevice, generator->stream);
  return copied == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_PREEXISTING_FAILURE;
}
