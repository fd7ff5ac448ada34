#include "host/cuda/blas.h"

#include <string>

namespace sac::cuda {
namespace {

/// What NVIDIA's manual asks for on Hopper; earlier GPUs need less.
constexpr size_t kWorkspaceBytes = size_t{32} << 20;

void check(cublasStatus_t result, const char* call) {
  if (result == CUBLAS_STATUS_SUCCESS) return;
  throw BlasError(std::string(call) + ": " + cublasGetStatusString(result));
}

cublasComputeType_t compute_type(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return CUBLAS_COMPUTE_32F;
    case Precision::tf32:
      return CUBLAS_COMPUTE_32F_FAST_TF32;
    case Precision::bf16:
      return CUBLAS_COMPUTE_32F_FAST_16BF;
  }
  throw std::invalid_argument("no such precision");
}

cublasOperation_t operation(const Factor& f) {
  return f.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

/// Rows and columns of the factor as it is multiplied.
int rows(const Factor& f) {
  return f.transposed ? f.matrix.cols : f.matrix.rows;
}
int cols(const Factor& f) {
  return f.transposed ? f.matrix.rows : f.matrix.cols;
}

long long stride(const unfused::AgentMatrix& m) {
  return m.agent_stride;
}

}  // namespace

Blas::Blas(cudaStream_t stream) : workspace_(kWorkspaceBytes) {
  check(cublasCreate(&handle_), "cublasCreate");
  try {
    check(cublasSetStream(handle_, stream), "cublasSetStream");
    // After the stream, whose change takes a workspace back.
    check(cublasSetWorkspace(handle_, workspace_.data(), workspace_.bytes()), "cublasSetWorkspace");
    // fp32 means fp32: no TF32 unless a product asks for it.
    check(cublasSetMathMode(handle_, CUBLAS_DEFAULT_MATH), "cublasSetMathMode");
  } catch (...) {
    cublasDestroy(handle_);
    throw;
  }
}

Blas::~Blas() {
  cublasDestroy(handle_);  // nothing to be done about an error here
}

// cuBLAS stores by columns: it sees the transpose of every matrix, and of the product, whose
// factors therefore change places.
void Blas::multiply(const Factor& a, const Factor& b, const unfused::AgentMatrix& c, Sum sum,
                    Precision precision, int agents) const {
  if (rows(a) != c.rows || cols(b) != c.cols || cols(a) != rows(b)) {
    throw std::invalid_argument("the matrices of a product do not fit each other");
  }
  const float alpha = 1, beta = sum == Sum::add ? 1 : 0;
  check(cublasGemmStridedBatchedEx(handle_, operation(b), operation(a), c.cols, c.rows, cols(a),
                                   &alpha, b.matrix.data, CUDA_R_32F, b.matrix.row_stride,
                                   stride(b.matrix), a.matrix.data, CUDA_R_32F, a.matrix.row_stride,
                                   stride(a.matrix), &beta, c.data, CUDA_R_32F, c.row_stride,
                                   stride(c), agents, compute_type(precision), CUBLAS_GEMM_DEFAULT),
        "cublasGemmStridedBatchedEx");
}

}  // namespace sac::cuda
