// The products that cuBLAS, or what stands for it, is asked for.
#include "host/cuda/blas.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/cuda/stream.h"
#include "tests/gpu/error_budget.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

constexpr int kAgents = 2;

/// Matrices of all agents in device memory, with two unused columns beside and a row below each.
struct Stored {
  unfused::AgentMatrix matrix;
  cuda::DeviceArray<float> memory;
  std::vector<double> values;

  Stored(int rows, int cols, uint64_t seed)
      : matrix{nullptr, rows, cols, cols + 2,
               static_cast<size_t>(rows + 1) * static_cast<size_t>(cols + 2)},
        memory(kAgents * matrix.agent_stride),
        values(normals(memory.size(), seed)) {
    memory.upload({values.begin(), values.end()});
    matrix.data = memory.data();
  }

  size_t index(int agent, int row, int col) const {
    return static_cast<size_t>(agent) * matrix.agent_stride +
           static_cast<size_t>(row) * static_cast<size_t>(matrix.row_stride) +
           static_cast<size_t>(col);
  }

  std::vector<double> downloaded() const {
    const std::vector<float> all = memory.download();
    return {all.begin(), all.end()};
  }
};

/// An m x k factor, stored as it is or transposed.
Stored stored(int rows, int cols, bool transposed, uint64_t seed) {
  return transposed ? Stored(cols, rows, seed) : Stored(rows, cols, seed);
}

/// c after c = a b, or c += a b, in double, for all agents; what lies between the rows stays.
std::vector<double> product(const Stored& a, bool a_transposed, const Stored& b, bool b_transposed,
                            const Stored& c, bool add) {
  const int inner = a_transposed ? a.matrix.rows : a.matrix.cols;
  std::vector<double> result = c.values;
  for (int p = 0; p < kAgents; ++p) {
    for (int i = 0; i < c.matrix.rows; ++i) {
      for (int j = 0; j < c.matrix.cols; ++j) {
        double& sum = result[c.index(p, i, j)];
        if (!add) sum = 0;
        for (int k = 0; k < inner; ++k) {
          sum += a.values[a_transposed ? a.index(p, k, i) : a.index(p, i, k)] *
                 b.values[b_transposed ? b.index(p, j, k) : b.index(p, k, j)];
        }
      }
    }
  }
  return result;
}

// A sum of 70 products of normals: the rounding errors of its partial sums, each up to u of some
// sqrt(70), walk at random to u 70; the largest of a few hundred such sums to three times that.
TEST(Blas, MultipliesStridedMatricesOfAllAgents) {
  constexpr int kRows = 7, kInner = 70, kCols = 13;
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  ErrorBudget budget("products");
  for (const bool a_transposed : {false, true}) {
    for (const bool b_transposed : {false, true}) {
      for (const bool add : {false, true}) {
        const Stored a = stored(kRows, kInner, a_transposed, 1);
        const Stored b = stored(kInner, kCols, b_transposed, 2);
        const Stored c(kRows, kCols, 3);
        blas.multiply({a.matrix, a_transposed}, {b.matrix, b_transposed}, c.matrix,
                      add ? cuda::Sum::add : cuda::Sum::overwrite, Precision::fp32, kAgents);
        stream.synchronise();
        const std::vector<double> got = c.downloaded();
        budget.expect_close("elements", got, product(a, a_transposed, b, b_transposed, c, add), 0,
                            got.size(), 3 * kInner * kUnit);
      }
    }
  }
}

// Each factor is off by up to half a unit of the precision, 2^-11 or 2^-8 relatively, and so is
// each of the 64 products of a sum by up to sqrt(2) times that: a standard deviation of sqrt(2 64)
// of it at most, four of which the largest of 8192 sums stays within. A lesser precision permits
// cuBLAS to round and does not make it, so how much it did is printed and not demanded.
TEST(Blas, LesserPrecisionsRoundTheFactorsAtMost) {
  constexpr int kSize = 64;
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  const Stored a(kSize, kSize, 1), b(kSize, kSize, 2), c(kSize, kSize, 3);
  const std::vector<double> expected = product(a, false, b, false, c, false);
  for (const auto& [precision, unit] :
       {std::pair(Precision::tf32, 0x1p-11), std::pair(Precision::bf16, 0x1p-8)}) {
    blas.multiply({a.matrix}, {b.matrix}, c.matrix, cuda::Sum::overwrite, precision, kAgents);
    stream.synchronise();
    const std::vector<double> got = c.downloaded();
    double largest = 0;
    for (size_t i = 0; i < got.size(); ++i) {
      largest = std::max(largest, std::abs(got[i] - expected[i]));
    }
    const double allowance = 4 * std::sqrt(2 * kSize) * unit;
    std::printf("  unit %g used %.1f %% of the allowance\n", unit, 100 * largest / allowance);
    EXPECT_LE(largest, allowance);
  }
}

TEST(Blas, APlaceInAGraphIsAPlaceInTheStream) {
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  const Stored a(4, 4, 1), b(4, 4, 2), c(4, 4, 3);
  const cuda::Graph graph(stream, [&] {
    blas.multiply({a.matrix}, {b.matrix}, c.matrix, cuda::Sum::add, Precision::fp32, kAgents);
  });
  EXPECT_EQ(c.downloaded(), c.values);
  graph.launch(stream);
  graph.launch(stream);
  stream.synchronise();
  const std::vector<double> once = product(a, false, b, false, c, true), got = c.downloaded();
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], 2 * once[i] - c.values[i], 100 * kUnit);
  }
}

TEST(Blas, RefusesMatricesThatDoNotFit) {
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  const Stored a(4, 5, 1), b(4, 3, 2), c(4, 3, 3);
  EXPECT_THROW(blas.multiply({a.matrix}, {b.matrix}, c.matrix, cuda::Sum::overwrite,
                             Precision::fp32, kAgents),
               std::invalid_argument);
}

}  // namespace
}  // namespace sac
