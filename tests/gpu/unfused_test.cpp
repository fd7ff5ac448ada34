// What is the unfused path's own: what a gradient step costs in kernels.
#include <gtest/gtest.h>

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
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
