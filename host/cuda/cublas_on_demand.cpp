// cuBLAS' functions as blas.cpp calls them, from the library that is loaded at the first call. Only
// --mlp cublas makes one; linked in the usual way, the library would cost every start of the
// program a tenth of a second and 200 MB.
#include <cublas_v2.h>
#include <dlfcn.h>

#include <string>

namespace {

const std::string& library_name() {
  static const std::string name = "libcublas.so." + std::to_string(CUBLAS_VER_MAJOR);
  return name;
}

/// The library: where the system looks, or else in the toolkit that the program was built with.
void* library() {
  static void* const handle = [] {
    void* const found = dlopen(library_name().c_str(), RTLD_NOW | RTLD_LOCAL);
    return found != nullptr ? found : dlopen(SAC_CUBLAS, RTLD_NOW | RTLD_LOCAL);
  }();
  return handle;
}

/// Null if there is no library or it has no such function.
template <class Function>
Function* function(const char* name) {
  return library() == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(library(), name));
}

template <class... Arguments>
cublasStatus_t call(const char* name, Arguments... arguments) {
  auto* const f = function<cublasStatus_t(Arguments...)>(name);
  return f == nullptr ? CUBLAS_STATUS_NOT_SUPPORTED : f(arguments...);
}

}  // namespace

const char* cublasGetStatusString(cublasStatus_t status) {
  static const std::string absent = library_name() + " could not be loaded";
  auto* const f = function<const char*(cublasStatus_t)>("cublasGetStatusString");
  return f == nullptr ? absent.c_str() : f(status);
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
