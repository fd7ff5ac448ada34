// The stand-in for cuRAND: normals of the wanted mean and spread, in the stream's order.
#include <cuda_runtime.h>
#include <curand.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

class CurandTest : public testing::Test {
 protected:
  CurandTest() {
    EXPECT_EQ(curandCreateGenerator(&generator_, CURAND_RNG_PSEUDO_PHILOX4_32_10),
              CURAND_STATUS_SUCCESS);
    EXPECT_EQ(cudaMalloc(&output_, kCount * sizeof(float)), cudaSuccess);
  }
  ~CurandTest() override {
    EXPECT_EQ(curandDestroyGenerator(generator_), CURAND_STATUS_SUCCESS);
    EXPECT_EQ(cudaFree(output_), cudaSuccess);
  }

  std::vector<float> drawn(unsigned long long seed) {
    EXPECT_EQ(curandSetPseudoRandomGeneratorSeed(generator_, seed), CURAND_STATUS_SUCCESS);
    EXPECT_EQ(curandGenerateNormal(generator_, output_, kCount, 3, 2), CURAND_STATUS_SUCCESS);
    std::vector<float> values(kCount);
    EXPECT_EQ(cudaMemcpy(values.data(), output_, kCount * sizeof(float), cudaMemcpyDeviceToHost),
              cudaSuccess);
    return values;
  }

  static constexpr size_t kCount = 10000;
  curandGenerator_t generator_ = nullptr;
  float* output_ = nullptr;
};

TEST_F(CurandTest, DrawsNormalsOfASeed) {
  const std::vector<float> values = drawn(1);
  double mean = 0, square = 0;
  for (const float x : values) mean += x / kCount;
  for (const float x : values) square += (x - mean) * (x - mean) / kCount;
  // The standard errors are 2 / 100 and, of the root, 2 / sqrt(2 * 10000): five of each.
  EXPECT_NEAR(mean, 3, 0.1);
  EXPECT_NEAR(std::sqrt(square), 2, 0.07);
  EXPECT_EQ(drawn(1), values);
  EXPECT_NE(drawn(2), values);
}

TEST_F(CurandTest, WritesInTheStreamsOrder) {
  cudaStream_t stream = nullptr;
  EXPECT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  EXPECT_EQ(curandSetStream(generator_, stream), CURAND_STATUS_SUCCESS);
  EXPECT_EQ(curandGenerateNormal(generator_, output_, kCount, 0, 1), CURAND_STATUS_SUCCESS);
  EXPECT_EQ(cudaMemsetAsync(output_, 0, kCount * sizeof(float), stream), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  std::vector<float> values(kCount, 1);
  EXPECT_EQ(cudaMemcpy(values.data(), output_, kCount * sizeof(float), cudaMemcpyDeviceToHost),
            cudaSuccess);
  EXPECT_EQ(values, std::vector<float>(kCount, 0));
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST_F(CurandTest, RefusesWhatCurandRefuses) {
  curandGenerator_t other = nullptr;
  EXPECT_EQ(curandCreateGenerator(&other, static_cast<curandRngType_t>(0)),
            CURAND_STATUS_TYPE_ERROR);
  EXPECT_EQ(curandGenerateNormal(generator_, output_, 3, 0, 1), CURAND_STATUS_LENGTH_NOT_MULTIPLE);
  EXPECT_EQ(curandGenerateNormal(nullptr, output_, 2, 0, 1), CURAND_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(curandSetStream(nullptr, nullptr), CURAND_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(curandSetPseudoRandomGeneratorSeed(nullptr, 1), CURAND_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(curandDestroyGenerator(nullptr), CURAND_STATUS_NOT_INITIALIZED);
}

}  // namespace
