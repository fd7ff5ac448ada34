// No result may depend on the order in which threads and blocks take their turns.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "host/cuda/cuda_learner.h"
#include "kernels/env/registry.h"
#include "tests/gpu/ways.h"

namespace sac {
namespace {

struct Case {
  Way way;
  int hidden;
};

LearnerConfig small_config(const Case& x) {
  const env::EnvironmentInfo& info = env::Environments::info[0];
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = x.hidden};
  take(x.way, c);
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
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(1);
  learner->train(2);
  return {learner->state(1), learner->evaluate({.episodes = 3, .seed = 11})[1].returns};
}

class KernelOrders : public testing::TestWithParam<Case> {
 protected:
  ~KernelOrders() override { simt::set_options(simt::options_from_environment()); }
};

/// scripts/torture.sh asks for more orders, and for others each time.
uint64_t asked(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

TEST_P(KernelOrders, GiveTheSameBits) {
  const LearnerConfig c = small_config(GetParam());
  const Outcome expected = run(c, {});
  std::vector<simt::Options> others;
  others.push_back({.threads = simt::Order::reverse, .blocks = simt::Order::forward});
  others.push_back({.threads = simt::Order::forward, .blocks = simt::Order::reverse});
  const uint64_t orders = asked("SAC_ORDERS", 3), first = asked("SAC_ORDER_SEED", 1);
  for (uint64_t seed = first; seed < first + orders; ++seed) {
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

std::vector<Case> cases() {
  std::vector<Case> all = {{{Mlp::cublas, Precision::fp32}, 48}};
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    for (const int hidden : {32, 64, 128, 256}) all.push_back({{Mlp::fused, p}, hidden});
    all.push_back({{Mlp::fused, p, Algorithm::sac_v2}, 32});
  }
  all.push_back({{Mlp::cublas, Precision::fp32, Algorithm::sac_v2}, 48});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelOrders, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& test) {
                           return way_name(test.param.way) + "_" +
                                  std::to_string(test.param.hidden);
                         });

}  // namespace
}  // namespace sac
