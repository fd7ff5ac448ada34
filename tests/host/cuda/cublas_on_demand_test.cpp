// host/cuda/cublas_on_demand.cpp: the functions are the library's, with a GPU or without one.
#include <cublas_v2.h>
#include <gtest/gtest.h>

#include <string>

namespace sac::cuda {
namespace {

TEST(CublasOnDemand, LoadsTheLibrary) {
  EXPECT_EQ(cublasGetStatusString(CUBLAS_STATUS_NOT_INITIALIZED),
            std::string("the library was not initialized"));
}

// Not found would be "not supported".
TEST(CublasOnDemand, FindsEveryFunction) {
  constexpr cublasStatus_t kRefused = CUBLAS_STATUS_NOT_INITIALIZED;
  EXPECT_EQ(cublasDestroy(nullptr), kRefused);
  EXPECT_EQ(cublasSetStream(nullptr, nullptr), kRefused);
  EXPECT_EQ(cublasSetWorkspace(nullptr, nullptr, 0), kRefused);
  EXPECT_EQ(cublasSetMathMode(nullptr, CUBLAS_DEFAULT_MATH), kRefused);
  const float one = 1;
  EXPECT_EQ(
      cublasGemmStridedBatchedEx(nullptr, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, nullptr,
                                 CUDA_R_32F, 1, 1, nullptr, CUDA_R_32F, 1, 1, &one, nullptr,
                                 CUDA_R_32F, 1, 1, 1, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
      kRefused);
  cublasHandle_t handle = nullptr;
  const cublasStatus_t created = cublasCreate(&handle);
  EXPECT_NE(created, CUBLAS_STATUS_NOT_SUPPORTED);
  if (created == CUBLAS_STATUS_SUCCESS) {
    EXPECT_EQ(cublasDestroy(handle), CUBLAS_STATUS_SUCCESS);
  }
}

}  // namespace
}  // namespace sac::cuda
