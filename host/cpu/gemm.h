// Matrix products of the CPU learner: oneDNN for float and bf16, Eigen for the double reference.
//
// A product's sizes are fixed when it is made; running it neither allocates nor searches. Objects
// are not thread-safe: each worker owns its own. All matrices are row-major.
#pragma once

#include <cstdint>
#include <memory>

namespace sac::cpu {

/// Called once on every thread that makes or runs products: oneDNN's own threads stay off, since
/// the learner's tasks are the parallelism.
void keep_products_on_one_thread();

/// C [m, n] = A B, or max(0, A B + bias) with a bias [n] added to every row.
struct ProductShape {
  int m = 0, n = 0, k = 0;
  int64_t lda = 0, ldb = 0, ldc = 0;  ///< elements between rows of the stored matrices
  bool a_transposed = false;          ///< A [m, k] is stored as [k, m]
  bool bias_relu = false;
};

/// Has this processor instructions that multiply bf16 numbers?
bool has_bf16_products();

/// Operands are float, or uint16_t: numbers in bf16, which only some processors multiply. Sums,
/// bias and result are float.
template <class Operand>
class Product {
 public:
  explicit Product(const ProductShape& shape);
  ~Product();
  Product(Product&&) noexcept;

  /// `bias` is read only where the shape says bias_relu.
  void run(const Operand* a, const Operand* b, const float* bias, float* c);

 private:
  struct Primitive;
  std::unique_ptr<Primitive> primitive_;
};

extern template class Product<float>;
extern template class Product<uint16_t>;

/// Everything in double (gemm_double.cpp).
template <>
class Product<double> {
 public:
  explicit Product(const ProductShape& shape) : shape_(shape) {}

  void run(const double* a, const double* b, const double* bias, double* c);

 private:
  ProductShape shape_;
};

/// Writes the transpose of a [rows, cols] block of floats or of bf16 numbers into a matrix whose
/// rows are `ld_out` apart.
template <class Element>
class Transpose {
 public:
  Transpose(int rows, int cols, int64_t ld_in, int64_t ld_out);
  ~Transpose();
  Transpose(Transpose&&) noexcept;
  void run(const Element* in, Element* out);

 private:
  struct Primitive;
  std::unique_ptr<Primitive> primitive_;
};

extern template class Transpose<float>;
extern template class Transpose<uint16_t>;

template <>
class Transpose<double> {
 public:
  Transpose(int rows, int cols, int64_t ld_in, int64_t ld_out)
      : rows_(rows), cols_(cols), ld_in_(ld_in), ld_out_(ld_out) {}

  void run(const double* in, double* out);

 private:
  int rows_, cols_;
  int64_t ld_in_, ld_out_;
};

}  // namespace sac::cpu
