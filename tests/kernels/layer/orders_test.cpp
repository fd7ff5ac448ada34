// No result may depend on the order in which threads and blocks take their turns.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <vector>

#include "host/cuda/learner.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

LearnerConfig small_config(int hidden, Precision precision) {
  const EnvironmentInfo& info = Environments::info[0];
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = hidden};
  c.precision = precision;
  c.max_action = info.max_action;
  c.batch = 37;  // three tiles of rows, the last one not full
  c.envs = 45;   // two tiles of environments
  c.agents = 2;
  c.updates_per_step = 2;
  c.replay_capacity = 100;
  return c;
}

/// What a run leaves: the second agent's state and the returns of an evaluation.
struct Outcome {
  AgentState state;
  std::vector<double> returns;
};

Outcome run(const LearnerConfig& c, const simt::Options& options) {
  simt::set_options(options);
  const auto learner = make_cuda_learner(c);
  learner->warm_up(1);
  learner->train(2);
  return {learner->state(1), learner->evaluate(3, 11)[1].returns};
}

using Kind = std::tuple<int, Precision>;

class KernelOrders : public testing::TestWithParam<Kind> {
 protected:
  ~KernelOrders() override { simt::set_options(simt::options_from_environment()); }
};

TEST_P(KernelOrders, GiveTheSameBits) {
  const LearnerConfig c = small_config(std::get<0>(GetParam()), std::get<1>(GetParam()));
  const Outcome expected = run(c, {});
  std::vector<simt::Options> others;
  others.push_back({.threads = simt::Order::reverse, .blocks = simt::Order::forward});
  others.push_back({.threads = simt::Order::forward, .blocks = simt::Order::reverse});
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    others.push_back({.threads = simt::Order::random, .blocks = simt::Order::random, .seed = seed});
  }
  others.push_back({.deferred = false, .workers = 2});
  for (size_t i = 0; i < others.size(); ++i) {
    const Outcome got = run(c, others[i]);
    EXPECT_EQ(got.state.parameters, expected.state.parameters) << "order " << i;
    EXPECT_EQ(got.state.adam_m, expected.state.adam_m) << "order " << i;
    EXPECT_EQ(got.state.adam_v, expected.state.adam_v) << "order " << i;
    EXPECT_EQ(got.returns, expected.returns) << "order " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, KernelOrders,
                         testing::Combine(testing::Values(32, 64, 128, 256),
                                          testing::Values(Precision::fp32, Precision::tf32,
                                                          Precision::bf16)),
                         [](const testing::TestParamInfo<Kind>& test) {
                           return std::string(precision_name(std::get<1>(test.param))) +
                                  std::to_string(std::get<0>(test.param));
                         });

}  // namespace
}  // namespace sac
