// What is the unfused path's own: its precisions, and what a gradient step costs in kernels.
#include <gtest/gtest.h>

#include <cmath>

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/cuda_learner.h"
#include "tests/gpu/error_budget.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

LearnerConfig config_of(Mlp mlp, int hidden) {
  LearnerConfig c;
  c.environment = -1;
  c.mlp = mlp;
  c.shape = {.obs = 5, .act = 2, .hidden = hidden};
  c.batch = 64;
  return c;
}

// precision_test.cpp says how much rounding is allowed; here it must be seen, in every network.
TEST(Unfused, ThePrecisionReachesTheProducts) {
  LearnerConfig c = config_of(Mlp::cublas, 96);
  const Batch batch = random_batch(c);
  const auto gradients = [&](Precision precision) {
    c.precision = precision;
    return cuda::make_cuda_learner(c)->gradient_step(batch).gradients;
  };
  const std::vector<double> exact = gradients(Precision::fp32);
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    const std::vector<double> rounded = gradients(precision);
    for (int n = 0; n < kTrainedNetworks; ++n) {
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

/// Kernels of one gradient step, as a graph counts them.
int64_t nodes_per_step(Mlp mlp) {
  const LearnerConfig c = config_of(mlp, 32);
  const cuda::Stream stream;
  const cuda::AgentMemory memory(c);
  const auto backend = cuda::make_backend(c, memory.device(), stream);
  const cuda::GivenMemory given(random_batch(c), memory.device());
  const auto step = [&] {
    backend->gradients(given.device(), given.batch());
    backend->update(given.device());
  };
  step();  // not captured: a first launch loads its kernel
  stream.synchronise();
  return cuda::Graph(stream, step).nodes();
}

// 37 products (15 forward, 10 backward, 12 for the weights), 15 biases, 8 masks and 6 kernels of
// kernels/unfused/launch.h; cuBLAS may take more than one kernel for a product.
TEST(Unfused, KernelsPerGradientStep) {
  const int64_t fused = nodes_per_step(Mlp::fused), unfused = nodes_per_step(Mlp::cublas);
  std::printf("  kernels per gradient step: fused %lld, unfused %lld\n",
              static_cast<long long>(fused), static_cast<long long>(unfused));
  EXPECT_EQ(fused, 2);
  EXPECT_GE(unfused, 66);
}

}  // namespace
}  // namespace sac
