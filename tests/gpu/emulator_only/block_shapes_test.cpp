// Launches fit themselves to the GPU and the work: rings are as deep as shared memory lets them,
// slices of W2 stay between steps, blocks have 16 or 32 rows. No bit of a result may depend on it.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "host/cuda/cuda_learner.h"
#include "kernels/env/registry.h"
#include "kernels/fused/roles.h"
#include "kernels/gpu/occupancy.h"
#include "tests/gpu/started.h"
#include "tests/gpu/ways.h"

namespace sac {
namespace {

/// A fused kind, and what is learned.
using Kind = std::pair<FusedKind, Algorithm>;

class BlockShapes : public testing::TestWithParam<Kind> {
 protected:
  ~BlockShapes() override { simt::set_options(simt::options_from_environment()); }
};

LearnerConfig config(const Kind& x) {
  const auto& [kind, algorithm] = x;
  const env::EnvironmentInfo& info = env::Environments::info[0];
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = std::get<0>(kind), .algorithm = algorithm};
  c.precision = std::get<1>(kind);
  c.max_action = info.max_action;
  c.batch = 120;  // eight tiles of 16 rows or four of 32; the last one is not full
  c.envs = 40;
  c.replay_capacity = 160;
  return c;
}

/// The first agent after a vector step and a gradient step, and how it then fares.
struct Outcome {
  AgentState state;
  Evaluation evaluation;
};

/// On a GPU whose blocks have so much shared memory.
Outcome trained(const LearnerConfig& c, size_t shared_bytes) {
  simt::Options options = simt::options_from_environment();
  options.shared_bytes = shared_bytes;
  simt::set_options(options);
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(3);
  learner->train(1);
  return {learner->state(0), learner->evaluate({.episodes = 3, .seed = 11})[0]};
}

void expect_same(const Outcome& got, const Outcome& expected) {
  EXPECT_EQ(got.state.parameters, expected.state.parameters);
  EXPECT_EQ(got.state.adam_m, expected.state.adam_m);
  EXPECT_EQ(got.state.adam_v, expected.state.adam_v);
  EXPECT_EQ(got.evaluation.returns, expected.evaluation.returns);
  EXPECT_EQ(got.evaluation.lengths, expected.evaluation.lengths);
}

/// The replay after launches of some vector steps each.
std::vector<float> replay_after(const LearnerConfig& c, int launches, int steps) {
  const Started learner(c);
  for (int i = 0; i < launches; ++i) {
    learner.backend->rollout(learner.memory.device(), steps, /*warm_up=*/false);
  }
  return learner.replay();
}

TEST_P(BlockShapes, OfShallowAndDeepRingsGiveTheSameBits) {
  const LearnerConfig c = config(GetParam());
  if (c.precision == Precision::bf16 && c.shape.hidden == 256) {
    EXPECT_THROW(trained(c, kSharedBytesEverywhere), std::exception) << "W2 stays: 132 KB";
    return;
  }
  expect_same(trained(c, kSharedBytesEverywhere), trained(c, kSharedBytesAtMost));
}

TEST_P(BlockShapes, Of16And32RowsGiveTheSameBits) {
  LearnerConfig few = config(GetParam()), many = few;
  many.agents = 2;
  const auto rows = [](const LearnerConfig& c) {
    return fused::rows_per_block(c.shape.algorithm, c.precision, c.batch, c.agents);
  };
  ASSERT_EQ(rows(few), 16);
  ASSERT_EQ(rows(many), few.precision == Precision::fp32 ? 16 : 32);
  expect_same(trained(many, kSharedBytesAtMost), trained(few, kSharedBytesAtMost));
}

TEST_P(BlockShapes, StepsOfOneLaunchAreThoseOfSeveral) {
  const LearnerConfig c = config(GetParam());
  EXPECT_EQ(replay_after(c, 1, 3), replay_after(c, 3, 1));
}

std::vector<Kind> kinds() {
  std::vector<Kind> all;
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    for (const int hidden : fused::kWidths) all.push_back({{hidden, p}, Algorithm::sac_v1});
    all.push_back({{32, p}, Algorithm::sac_v2});
  }
  return all;
}

std::string name_of_kind(const testing::TestParamInfo<Kind>& test) {
  const auto& [kind, algorithm] = test.param;
  const auto& [hidden, precision] = kind;
  return precision_name(precision) + ("_" + std::to_string(hidden)) +
         (algorithm == Algorithm::sac_v1 ? "" : "_v2");
}

INSTANTIATE_TEST_SUITE_P(Kinds, BlockShapes, testing::ValuesIn(kinds()), name_of_kind);

}  // namespace
}  // namespace sac
