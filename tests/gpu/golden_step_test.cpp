// The kernels' gradient step against the golden step files, whose results are in float64.
#include <gtest/gtest.h>

#include <filesystem>

#include "host/base/named_parameters.h"
#include "host/cuda/cuda_learner.h"
#include "host/files/step_file.h"
#include "tests/gpu/error_budget.h"
#include "tests/gpu/ways.h"

namespace sac {
namespace {

class KernelGoldenStep : public testing::TestWithParam<Way> {};

// The error model of gradient_step_test.cpp, except for step 1: there Adam moves a parameter by its
// whole rate, whatever the gradient's size, and a gradient's relative error becomes the step's. The
// files' gradients are accurate to 2e-6 of a tensor's largest, so all but vanishing ones give a
// step within lr * 1e-3 = 3e-7.
TEST_P(KernelGoldenStep, MatchesTheFiles) {
  for (const char* name : {"small_h32_b48", "pendulum_h64_b100_step7"}) {
    const auto path =
        std::filesystem::path(SAC_TEST_DATA) / "step" / (std::string(name) + ".safetensors");
    files::StepInputs inputs = files::read_step_inputs(path);
    take(GetParam(), inputs.checkpoint.config);
    const Shape& shape = inputs.checkpoint.config.shape;
    const auto learner = cuda::make_cuda_learner(inputs.checkpoint.config);
    learner->load(0, inputs.checkpoint.state);
    const StepResult result = learner->gradient_step(inputs.batch);

    files::SafetensorsFile golden(path);
    ErrorBudget budget(name + (", " + way_name(GetParam())));
    const auto compare = [&](const NamedTensor& t, const std::string& tensor,
                             const std::vector<double>& values, double allowance) {
      const std::vector<double> expected = golden.read("expect." + tensor, t.shape);
      const auto first = values.begin() + static_cast<ptrdiff_t>(t.offset);
      const std::vector<double> got(first, first + static_cast<ptrdiff_t>(expected.size()));
      budget.expect_close(tensor, got, expected, 0, got.size(), allowance);
    };
    const double inner = kUnit * std::sqrt(shape.hidden);
    for (const NamedTensor& t : named_parameters(shape)) {
      compare(t, t.name, result.state.parameters, 4 * kUnit + 3e-7);
      if (t.network == Network::v_target) continue;
      compare(t, "grad." + t.name, result.gradients, 2 * inner);  // the largest are of order one
    }
    const auto loss = [&](const char* which, double value) {
      const std::vector<double> expected = golden.read(std::string("expect.loss.") + which, {1});
      budget.expect_close(which, std::vector<double>{value}, expected, 0, 1, 4 * inner);
    };
    loss("v", result.losses.v);
    loss("pi", result.losses.pi);
    loss("q1", result.losses.q1);
    loss("q2", result.losses.q2);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelGoldenStep, exact_ways(), name_of_way);

}  // namespace
}  // namespace sac
