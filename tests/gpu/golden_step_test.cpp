// The kernels' gradient step against the golden step files, whose results are in float64.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/named_losses.h"
#include "host/base/named_parameters.h"
#include "host/cuda/cuda_learner.h"
#include "host/files/step_file.h"
#include "host/gradcheck/plain_update.h"
#include "tests/gpu/expect_step.h"

namespace sac {
namespace {

class KernelGoldenStep : public testing::TestWithParam<Way> {};

// The files leave out the moments: they follow from the gradients by Adam's formula.
StepResult golden_step(const std::filesystem::path& path, const LearnerConfig& c,
                       const AgentState& before) {
  files::SafetensorsFile golden(path);
  std::vector<double> gradients(agent_stride(c.shape));
  const auto read = [&](const std::string& name, const NamedTensor& t, std::vector<double>& into) {
    const std::vector<double> values = golden.read("expect." + name, t.shape);
    std::ranges::copy(values, into.begin() + static_cast<ptrdiff_t>(t.offset));
  };
  for (const NamedTensor& t : named_parameters(c.shape)) {
    if (!is_target(c.shape.algorithm, t.network)) read("grad." + t.name, t, gradients);
  }
  StepResult expected{gradcheck::plain_update(c.shape, c.hyper, before, gradients), gradients, {}};
  for (const NamedTensor& t : named_parameters(c.shape)) read(t.name, t, expected.state.parameters);
  for (const NamedLoss& loss : named_losses(c.shape.algorithm)) {
    expected.losses.*loss.value = golden.read(std::string("expect.loss.") + loss.name, {1})[0];
  }
  return expected;
}

/// tests/data, or where the environment says that a copy of it is: the program may have been
/// carried to another machine.
std::filesystem::path test_data() {
  const char* const elsewhere = std::getenv("SAC_TEST_DATA");
  return elsewhere != nullptr ? elsewhere : SAC_TEST_DATA;
}

TEST_P(KernelGoldenStep, MatchesTheFiles) {
  const bool v1 = GetParam().algorithm == Algorithm::sac_v1;
  for (const char* name : {v1 ? "small_h32_b48" : "v2_small_h32_b48",
                           v1 ? "pendulum_h64_b100_step7" : "v2_h64_b100_step5"}) {
    const auto path = test_data() / "step" / (std::string(name) + ".safetensors");
    files::StepInputs inputs = files::read_step_inputs(path);
    LearnerConfig& c = inputs.checkpoint.config;
    ASSERT_EQ(c.shape.algorithm, GetParam().algorithm);
    take(GetParam(), c);
    const AgentState& before = inputs.checkpoint.state;
    const auto learner = cuda::make_cuda_learner(c);
    learner->load(0, before);
    expect_step(name + (", " + way_name(GetParam())), c, before,
                learner->gradient_step(inputs.batch), golden_step(path, c, before));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelGoldenStep, exact_ways(), name_of_way);

}  // namespace
}  // namespace sac
