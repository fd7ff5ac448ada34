// What is the unfused path's own: its precisions, and what a gradient step costs in kernels.
#include <gtest/gtest.h>

#include <cmath>

#include "host/cpu/learner.h"
#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/learner.h"
#include "tests/random_batch.h"

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

/// |got - expected| / |expected|, both gradients of one network.
double relative_error(const NetworkLayout& l, const std::vector<double>& got,
                      const std::vector<double>& expected) {
  double error = 0, norm = 0;
  for (size_t i = l.w1; i < l.end; ++i) {
    error += std::pow(got[i] - expected[i], 2);
    norm += std::pow(expected[i], 2);
  }
  return std::sqrt(error / norm);
}

// Rounding the factors of the H x H products to `unit`, 2^-11 or 2^-8, puts the hidden layers' sums
// off by about a unit. That closes or opens the ReLUs of about that share of all rows and units,
// each of which makes its whole term of a gradient wrong; terms add in squares: sqrt(unit) of the
// gradient. The rounding must also be seen. Q2 is put out of the way, so that no row changes its Q.
TEST(Unfused, PrecisionsRoundTheHiddenProductsAndNoMore) {
  LearnerConfig c = config_of(Mlp::cublas, 96);
  const auto reference = make_cpu_learner<double>(c);
  AgentState start = reference->state(0);
  start.parameters[network_layout(c.shape, Network::q2).b3] += 1;
  reference->load(0, start);
  const Batch batch = random_batch(c);
  const std::vector<double> expected = reference->gradient_step(batch).gradients;
  for (const auto& [precision, unit] :
       {std::pair(Precision::tf32, 0x1p-11), std::pair(Precision::bf16, 0x1p-8)}) {
    c.precision = precision;
    const auto learner = make_cuda_learner(c);
    learner->load(0, start);
    const std::vector<double> got = learner->gradient_step(batch).gradients;
    for (int n = 0; n < kTrainedNetworks; ++n) {
      const double error =
          relative_error(network_layout(c.shape, static_cast<Network>(n)), got, expected);
      std::printf("  %s, network %d: off by %.2g of the gradient, %.2g units\n",
                  precision_name(precision), n, error, error / unit);
      EXPECT_LE(error, std::sqrt(unit));
      EXPECT_GE(error, 0.1 * unit);
    }
  }
}

/// Kernels of one gradient step, as a graph counts them.
int64_t nodes_per_step(Mlp mlp) {
  const LearnerConfig c = config_of(mlp, 32);
  const Stream stream;
  const AgentMemory memory(c);
  const auto backend = make_backend(c, memory.device(), stream);
  const GivenMemory given(random_batch(c), memory.device());
  const auto step = [&] {
    backend->gradients(given.device(), given.batch());
    backend->update(given.device());
  };
  step();  // not captured: a first launch loads its kernel
  stream.synchronise();
  return Graph(stream, step).nodes();
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
