// The products of the double reference, by Eigen.
#include <Eigen/Core>

#include "host/cpu/gemm.h"

namespace sac::cpu {

void Product<double>::run(const double* a, const double* b, const double* bias, double* c) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Stride = Eigen::OuterStride<>;
  using ConstMap = Eigen::Map<const Matrix, 0, Stride>;
  const ProductShape& s = shape_;
  Eigen::Map<Matrix, 0, Stride> out(c, s.m, s.n, Stride(s.ldc));
  const ConstMap right(b, s.k, s.n, Stride(s.ldb));
  if (s.a_transposed) {
    out.noalias() = ConstMap(a, s.k, s.m, Stride(s.lda)).transpose() * right;
  } else {
    out.noalias() = ConstMap(a, s.m, s.k, Stride(s.lda)) * right;
  }
  if (s.bias_relu) {
    out.rowwise() += Eigen::Map<const Eigen::RowVectorXd>(bias, s.n);
    out = out.cwiseMax(0.0);
  }
}

void Transpose<double>::run(const double* in, double* out) {
  for (int r = 0; r < rows_; ++r) {
    for (int c = 0; c < cols_; ++c) out[c * ld_out_ + r] = in[r * ld_in_ + c];
  }
}

}  // namespace sac::cpu
