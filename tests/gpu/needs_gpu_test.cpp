// Where there is no GPU one line says so, and no test is tried.
#include <gtest/gtest.h>

#include "host/cuda/gpu.h"

namespace sac {
namespace {

class NeedsGpu final : public testing::Environment {
 public:
  void SetUp() override {
    const cuda::GpuProbe gpu = cuda::probe_gpu();
    ASSERT_TRUE(gpu.usable) << gpu.line;
  }
};

[[maybe_unused]] const testing::Environment* const kNeedsGpu =
    testing::AddGlobalTestEnvironment(new NeedsGpu);

}  // namespace
}  // namespace sac
