#include "host/cpu/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels/bf16.h"
#include "kernels/random.h"

namespace sac::cpu {
namespace {

template <class T>
std::vector<T> numbers(size_t count, uint64_t seed) {
  std::vector<T> v(count);
  for (uint32_t i = 0; i < count; ++i) v[i] = random_normal<T>({seed}, Purpose::explore, i, 0);
  return v;
}

double widen(double x) {
  return x;
}
double widen(uint16_t bf16) {
  return from_bf16(bf16);
}

template <class Operand>
std::vector<Operand> operands(size_t count, uint64_t seed) {
  std::vector<Operand> v(count);
  const std::vector<double> exact = numbers<double>(count, seed);
  std::transform(exact.begin(), exact.end(), v.begin(), [](double x) {
    if constexpr (std::is_same_v<Operand, uint16_t>) return to_bf16(static_cast<float>(x));
    return static_cast<Operand>(x);
  });
  return v;
}

// Against plain loops, with leading dimensions larger than the rows. A sum of k products of order
// one is off by at most about k eps.
template <class Operand>
void check_product(const ProductShape& s) {
  using T = std::conditional_t<std::is_same_v<Operand, double>, double, float>;
  const size_t a_rows = static_cast<size_t>(s.a_transposed ? s.k : s.m);
  const std::vector<Operand> a = operands<Operand>(a_rows * static_cast<size_t>(s.lda), 1);
  const std::vector<Operand> b = operands<Operand>(static_cast<size_t>(s.k * s.ldb), 2);
  const std::vector<T> bias = numbers<T>(static_cast<size_t>(s.n), 3);
  const T untouched = 77;
  std::vector<T> c(static_cast<size_t>(s.m * s.ldc), untouched);
  keep_products_on_one_thread();
  Product<Operand>(s).run(a.data(), b.data(), bias.data(), c.data());
  const double tolerance = 4 * s.k * static_cast<double>(std::numeric_limits<T>::epsilon());
  for (int64_t i = 0; i < s.m; ++i) {
    for (int64_t j = 0; j < s.ldc; ++j) {
      const T got = c[static_cast<size_t>(i * s.ldc + j)];
      if (j >= s.n) {
        EXPECT_EQ(got, untouched) << "wrote beyond a row's end";
        continue;
      }
      double sum = s.bias_relu ? static_cast<double>(bias[static_cast<size_t>(j)]) : 0.0;
      for (int64_t k = 0; k < s.k; ++k) {
        const int64_t at = s.a_transposed ? k * s.lda + i : i * s.lda + k;
        sum += widen(a[static_cast<size_t>(at)]) * widen(b[static_cast<size_t>(k * s.ldb + j)]);
      }
      if (s.bias_relu) sum = std::max(0.0, sum);
      EXPECT_NEAR(static_cast<double>(got), sum, tolerance) << i << ' ' << j;
    }
  }
}

template <class Operand>
void check_products() {
  for (const bool transposed : {false, true}) {
    for (const bool bias_relu : {false, true}) {
      for (const auto& [m, n, k] : {std::array{1, 16, 16}, {7, 33, 5}, {64, 64, 100}}) {
        check_product<Operand>({.m = m,
                                .n = n,
                                .k = k,
                                .lda = (transposed ? m : k) + 3,
                                .ldb = n + 2,
                                .ldc = n + 1,
                                .a_transposed = transposed,
                                .bias_relu = bias_relu});
      }
    }
  }
}

TEST(Gemm, AgreesWithPlainLoops) {
  check_products<float>();
  check_products<double>();
}

TEST(Gemm, Bf16AgreesWithPlainLoops) {
  if (!has_bf16_products()) GTEST_SKIP() << "this processor multiplies no bf16 numbers";
  check_products<uint16_t>();
}

TEST(Gemm, RoundsToBf16) {
  EXPECT_EQ(from_bf16(to_bf16(1 + 0x1p-7f)), 1 + 0x1p-7f);
  EXPECT_EQ(from_bf16(to_bf16(1 + 0x1p-8f)), 1.0f) << "ties to even";
  EXPECT_EQ(from_bf16(to_bf16(1 + 0x3p-8f)), 1 + 0x1p-6f) << "ties to even";
  EXPECT_EQ(from_bf16(to_bf16(-1 - 0x1.02p-8f)), -1 - 0x1p-7f);
  EXPECT_EQ(to_bf16(std::numeric_limits<float>::infinity()), 0x7f80);
  EXPECT_TRUE(std::isnan(from_bf16(to_bf16(std::numeric_limits<float>::quiet_NaN()))));
}

template <class T>
void check_transpose() {
  const int rows = 5, cols = 19, ld_in = 23, ld_out = 8;
  const std::vector<T> in = operands<T>(static_cast<size_t>(rows * ld_in), 4);
  std::vector<T> out(static_cast<size_t>(cols * ld_out), T(77));
  Transpose<T>(rows, cols, ld_in, ld_out).run(in.data(), out.data());
  for (int c = 0; c < cols; ++c) {
    for (int r = 0; r < ld_out; ++r) {
      const T expected = r < rows ? in[static_cast<size_t>(r * ld_in + c)] : T(77);
      EXPECT_EQ(out[static_cast<size_t>(c * ld_out + r)], expected);
    }
  }
}

TEST(Gemm, TransposeMovesEveryElement) {
  check_transpose<float>();
  check_transpose<double>();
  check_transpose<uint16_t>();
}

}  // namespace
}  // namespace sac::cpu
