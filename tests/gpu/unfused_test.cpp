// What is the unfused path's own: what a gradient step costs in kernels.
#include <gtest/gtest.h>

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

LearnerConfig config_of(Mlp mlp, Algorithm algorithm) {
  LearnerConfig c;
  c.environment = -1;
  c.mlp = mlp;
  c.shape = {.obs = 5, .act = 2, .hidden = 32, .algorithm = algorithm};
  c.batch = 64;
  return c;
}

/// Kernels of one gradient step, as a graph counts them.
int64_t nodes_per_step(Mlp mlp, Algorithm algorithm) {
  const LearnerConfig c = config_of(mlp, algorithm);
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
// kernels/unfused/launch.h; in sac_v2, where one network less learns, 32 (15, 8, 9), 15, 6 and 6.
// cuBLAS may take more than one kernel for a product.
TEST(Unfused, KernelsPerGradientStep) {
  for (const Algorithm algorithm : {Algorithm::sac_v1, Algorithm::sac_v2}) {
    const int64_t fused = nodes_per_step(Mlp::fused, algorithm);
    const int64_t unfused = nodes_per_step(Mlp::cublas, algorithm);
    std::printf("  kernels per gradient step: fused %lld, unfused %lld\n",
                static_cast<long long>(fused), static_cast<long long>(unfused));
    EXPECT_EQ(fused, 2);
    EXPECT_GE(unfused, algorithm == Algorithm::sac_v1 ? 66 : 59);
  }
}

}  // namespace
}  // namespace sac
