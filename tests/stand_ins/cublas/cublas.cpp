#include <cublas_v2.h>

#include <oneapi/dnnl/dnnl.h>
#include <simt/library.h>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

// From the OpenMP runtime that oneDNN is built on; <omp.h> belongs to the compiler, which need not
// be the same one.
extern "C" void omp_set_num_threads(int threads);

struct CublasHandle {
  cudaStream_t stream = nullptr;
};

namespace {

bool it_starts = true;

float rounded(float x, cublasComputeType_t compute) {
  if (!std::isfinite(x)) return x;
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  if (compute == CUBLAS_COMPUTE_32F_FAST_TF32) {
    return std::bit_cast<float>((bits + 0x1000u) & ~0x1fffu);
  }
  if (compute == CUBLAS_COMPUTE_32F_FAST_16BF) {
    return std::bit_cast<float>((bits + 0x7fffu + (bits >> 16 & 1u)) & ~0xffffu);
  }
  return x;
}

/// A factor, stored by columns.
struct Factor {
  cublasOperation_t op;
  const float* data;
  int rows, cols, ld;  ///< as stored
  long long stride;

  Factor(cublasOperation_t operation, const void* memory, int op_rows, int op_cols, int leading,
         long long distance)
      : op(operation),
        data(static_cast<const float*>(memory)),
        rows(operation == CUBLAS_OP_N ? op_rows : op_cols),
        cols(operation == CUBLAS_OP_N ? op_cols : op_rows),
        ld(leading),
        stride(distance) {}

  char letter() const { return op == CUBLAS_OP_N ? 'N' : 'T'; }

  /// Number i of the batch, rounded; columns follow each other without gaps.
  std::vector<float> packed(int i, cublasComputeType_t compute) const {
    const float* const matrix = data + i * stride;
    std::vector<float> copy;
    copy.reserve(static_cast<size_t>(rows) * static_cast<size_t>(cols));
    for (int col = 0; col < cols; ++col) {
      for (int row = 0; row < rows; ++row) {
        copy.push_back(rounded(matrix[static_cast<ptrdiff_t>(col) * ld + row], compute));
      }
    }
    return copy;
  }
};

struct Gemm {
  int m, n, k;
  float alpha, beta;
  Factor a, b;
  float* c;
  int ldc;
  long long stride_c;
  int count;
  cublasComputeType_t compute;

  // oneDNN stores by rows: it sees the transpose of every matrix, and the factors change places.
  void run() const {
    omp_set_num_threads(1);
    for (int i = 0; i < count; ++i) {
      const std::vector<float> left = a.packed(i, compute), right = b.packed(i, compute);
      dnnl_sgemm(b.letter(), a.letter(), n, m, k, alpha, right.data(), b.rows, left.data(), a.rows,
                 beta, c + i * stride_c, ldc);
    }
  }
};

}  // namespace

const char* cublasGetStatusString(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "success";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "the library was not initialized";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "an unsupported value or parameter was passed to the function";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "the GPU program failed to execute";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "the functionality requested is not supported";
  }
  return "unknown status";
}

void cublas_stand_in_starts(bool starts) {
  it_starts = starts;
}

cublasStatus_t cublasCreate(cublasHandle_t* handle) {
  if (!it_starts) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new CublasHandle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy(cublasHandle_t handle) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;  // work that it submitted does not refer to it
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream(cublasHandle_t handle, cudaStream_t stream) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->stream = stream;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, void* workspace, size_t bytes) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  const bool aligned = reinterpret_cast<uintptr_t>(workspace) % 256 == 0;
  if (!aligned || (bytes > 0 && workspace == nullptr)) return CUBLAS_STATUS_INVALID_VALUE;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  return mode == CUBLAS_DEFAULT_MATH ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, cublasOperation_t op_a,
                                          cublasOperation_t op_b, int m, int n, int k,
                                          const void* alpha, const void* a, cudaDataType, int lda,
                                          long long stride_a, const void* b, cudaDataType, int ldb,
                                          long long stride_b, const void* beta, void* c,
                                          cudaDataType, int ldc, long long stride_c, int count,
                                          cublasComputeType_t compute, cublasGemmAlgo_t) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  const Gemm gemm{m,
                  n,
                  k,
                  *static_cast<const float*>(alpha),
                  *static_cast<const float*>(beta),
                  Factor(op_a, a, m, k, lda, stride_a),
                  Factor(op_b, b, k, n, ldb, stride_b),
                  static_cast<float*>(c),
                  ldc,
                  stride_c,
                  count,
                  compute};
  if (m < 1 || n < 1 || k < 1 || count < 0 || lda < gemm.a.rows || ldb < gemm.b.rows || ldc < m) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  const bool submitted = simt::submit(handle->stream, [gemm] { gemm.run(); }) == cudaSuccess;
  return submitted ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}
