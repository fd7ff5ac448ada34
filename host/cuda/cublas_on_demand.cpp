// cuBLAS' functions as blas.cpp calls them, from the library that is loaded at the first call. Only
// --mlp cublas makes one; linked in the usual way, the library would cost every start of the
// program a tenth of a second and 200 MB.
#include <cublas_v2.h>

#include <string>

#include "host/cuda/library_on_demand.h"

namespace {

const sac::cuda::LibraryOnDemand& library() {
  static const sac::cuda::LibraryOnDemand cublas("libcublas.so." + std::to_string(CUBLAS_VER_MAJOR),
                                                 SAC_CUBLAS);
  return cublas;
}

template <class... Arguments>
cublasStatus_t call(const char* name, Arguments... arguments) {
  return library().call(name, CUBLAS_STATUS_NOT_SUPPORTED, arguments...);
}

}  // namespace

const char* cublasGetStatusString(cublasStatus_t status) {
  return library().call("cublasGetStatusString", library().absent(), status);
}

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  return call("cublasCreate_v2", handle);
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  return call("cublasDestroy_v2", handle);
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  return call("cublasSetStream_v2", handle, stream);
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, size_t bytes) {
  return call("cublasSetWorkspace_v2", handle, workspace, bytes);
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  return call("cublasSetMathMode", handle, mode);
}

cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, cublasOperation_t op_a,
                                          cublasOperation_t op_b, int m, int n, int k,
                                          const void* alpha, const void* a, cudaDataType type_a,
                                          int lda, long long stride_a, const void* b,
                                          cudaDataType type_b, int ldb, long long stride_b,
                                          const void* beta, void* c, cudaDataType type_c, int ldc,
                                          long long stride_c, int count,
                                          cublasComputeType_t compute, cublasGemmAlgo_t algorithm) {
  return call("cublasGemmStridedBatchedEx", handle, op_a, op_b, m, n, k, alpha, a, type_a, lda,
              stride_a, b, type_b, ldb, stride_b, beta, c, type_c, ldc, stride_c, count, compute,
              algorithm);
}
