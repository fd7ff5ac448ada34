// The stand-in for cuBLAS rounds its factors as it says, to the bit, and is asked to.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "host/cuda/blas.h"
#include "host/cuda/cuda_learner.h"
#include "host/cuda/stream.h"
#include "host/gradcheck/error_model.h"
#include "tests/support/algorithms.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

class CublasStandInOf : public testing::TestWithParam<Algorithm> {};

float rounded(float x, Precision precision) {
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  cuda::DeviceArray<float> memory(3);
  memory.upload({x, 1});
  const auto number = [&memory](int i) {
    return unfused::AgentMatrix{memory.data() + i, 1, 1, 1, 3};
  };
  blas.multiply({number(0)}, {number(1)}, number(2), cuda::Sum::overwrite, precision, 1);
  stream.synchronise();
  return memory.download(2, 1)[0];
}

TEST(CublasStandIn, RoundsTf32HalvesAwayFromZero) {
  const auto tf32 = [](float x) { return rounded(x, Precision::tf32); };
  EXPECT_EQ(tf32(1 + 0x1p-10f), 1 + 0x1p-10f);
  EXPECT_EQ(tf32(1 + 0x1p-11f), 1 + 0x1p-10f);
  EXPECT_EQ(tf32(-1 - 0x1p-11f), -1 - 0x1p-10f);
  EXPECT_EQ(tf32(1 + 0x1.ffcp-12f), 1.0f);
  EXPECT_EQ(tf32(2 - 0x1p-11f), 2.0f);  // carries into the exponent
}

TEST(CublasStandIn, RoundsBf16HalvesToEven) {
  const auto bf16 = [](float x) { return rounded(x, Precision::bf16); };
  EXPECT_EQ(bf16(1 + 0x1p-7f), 1 + 0x1p-7f);
  EXPECT_EQ(bf16(1 + 0x1p-8f), 1.0f);
  EXPECT_EQ(bf16(1 + 0x1.8p-7f), 1 + 0x1p-6f);
  EXPECT_EQ(bf16(-1 - 0x1.002p-8f), -1 - 0x1p-7f);
}

TEST(CublasStandIn, LeavesFp32Alone) {
  EXPECT_EQ(rounded(1 + 0x1p-23f, Precision::fp32), 1 + 0x1p-23f);
}

// precision_test.cpp says how much rounding is allowed; here it must be seen, in every network. A
// lesser precision permits NVIDIA's cuBLAS to round and does not make it: that is asked here alone.
TEST_P(CublasStandInOf, ThePrecisionReachesTheProducts) {
  LearnerConfig c;
  c.environment = -1;
  c.mlp = Mlp::cublas;
  c.shape = {.obs = 5, .act = 2, .hidden = 96, .algorithm = GetParam()};
  c.batch = 64;
  const Batch batch = random_batch(c);
  const auto gradients = [&](Precision precision) {
    c.precision = precision;
    return cuda::make_cuda_learner(c)->gradient_step(batch).gradients;
  };
  const std::vector<double> exact = gradients(Precision::fp32);
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    const std::vector<double> rounded = gradients(precision);
    for (int n = 0; n < trained_networks(GetParam()); ++n) {
      const NetworkLayout l = network_layout(c.shape, static_cast<Network>(n));
      double error = 0, norm = 0;
      for (size_t i = l.w1; i < l.end; ++i) {
        error += std::pow(rounded[i] - exact[i], 2);
        norm += std::pow(exact[i], 2);
      }
      const double units = std::sqrt(error / norm) / gradcheck::operand_rounding(precision);
      std::printf("  %s, network %d: off by %.2g units\n", precision_name(precision), n, units);
      EXPECT_GE(units, 0.1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, CublasStandInOf, both_algorithms(), name_of_algorithm);

}  // namespace
}  // namespace sac
