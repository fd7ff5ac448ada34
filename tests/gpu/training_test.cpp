// The CUDA learner as a whole: initialisation, the order of its draws, and what must not change
// its bits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "host/cpu/cpu_learner.h"
#include "host/cuda/cuda_learner.h"
#include "kernels/env/registry.h"
#include "tests/gpu/ways.h"
#include "tests/support/late_counts.h"
#include "tests/support/other_hyperparameters.h"

namespace sac {
namespace {

LearnerConfig small_config(const Way& way, int environment = 0) {
  const env::EnvironmentInfo& info = env::Environments::info[environment];
  LearnerConfig c;
  c.environment = environment;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = width_of(way.mlp)};
  take(way, c);
  c.max_action = info.max_action;
  c.batch = 21;
  c.envs = 35;  // more than a tile of environments
  c.updates_per_step = 2;
  c.replay_capacity = 100;  // wraps in the third vector step
  c.seed = 5;
  c.alpha = 0.7;
  c.hyper.target_entropy = -0.5;
  return c;
}

std::vector<double> trained(const LearnerConfig& c, int agent = 0) {
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(2);
  learner->train(4);
  return learner->state(agent).parameters;
}

/// How far two runs from the same start are apart, as a share of the way they went.
double share_of_the_way(const std::vector<double>& got, const std::vector<double>& expected,
                        const std::vector<double>& start) {
  double error = 0, way = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    error += std::pow(got[i] - expected[i], 2);
    way += std::pow(expected[i] - start[i], 2);
  }
  return std::sqrt(error / way);
}

/// The same episodes with other roundings: each as long, but for two that may end one step sooner
/// or later, where a state has come to lie just inside a limit instead of just outside.
testing::AssertionResult same_episodes(const Evaluation& got, const Evaluation& expected) {
  if (got.lengths.size() != expected.lengths.size()) return testing::AssertionFailure() << "count";
  int flipped = 0;
  for (size_t i = 0; i < expected.lengths.size(); ++i) {
    const int steps = std::abs(got.lengths[i] - expected.lengths[i]);
    flipped += steps == 0 ? 0 : 1;
    // Rewards of order one, each with the rounding of a state that is a few dozen steps old.
    const double off = std::abs(got.returns[i] - expected.returns[i]);
    if (steps > 1 || flipped > 2 || !(off <= 1e-4 * expected.lengths[i] + 2 * steps)) {
      return testing::AssertionFailure()
             << "episode " << i << " has " << got.lengths[i] << " steps, not "
             << expected.lengths[i] << ", its return is off by " << off;
    }
  }
  return testing::AssertionSuccess();
}

class KernelTraining : public testing::TestWithParam<Way> {};  // in fp32, as the reference
class KernelBits : public testing::TestWithParam<Way> {};      // in every precision

// The same words and the same roundings: one product of an exact factor.
TEST_P(KernelTraining, InitialParametersAreThoseOfTheCpuToTheBit) {
  for (const int hidden : {width_of(GetParam().mlp), 256}) {
    LearnerConfig c = small_config(GetParam());
    c.shape.hidden = hidden;
    EXPECT_EQ(cuda::make_cuda_learner(c)->state(0).parameters,
              cpu::make_cpu_learner<float>(c)->state(0).parameters);
  }
}

// Every draw (resets, warm-up, exploration, rows, noise) is one of the reference's, or the
// parameters would differ by as much as they move. Rounding, amplified by few steps of an
// environment and by Adam's first steps, which turn a vanishing gradient's rounding into a step of
// its own: a thousandth of the way is ample and still excludes a single wrong row.
TEST_P(KernelTraining, DrawsAndOrderAreThoseOfTheReference) {
  for (int environment = 0; environment < env::Environments::size; ++environment) {
    const LearnerConfig c = small_config(GetParam(), environment);
    const auto kernels = cuda::make_cuda_learner(c);
    const auto reference = cpu::make_cpu_learner<double>(c);
    const std::vector<double> start = reference->state(0).parameters;
    for (Learner* learner : {kernels.get(), reference.get()}) {
      learner->warm_up(2);
      learner->train(4);
    }
    const std::vector<double> got = kernels->state(0).parameters;
    const std::vector<double> expected = reference->state(0).parameters;
    const double share = share_of_the_way(got, expected, start) / 1e-3;
    EXPECT_LE(share, 1) << env::Environments::info[environment].id;
    std::printf("  %-36s used %.2f %% of the allowance\n", env::Environments::info[environment].id,
                100 * share);
  }
}

// To the bit; but cuBLAS may choose how to multiply by the number of agents, and sums rounded in
// another order are allowed what they are in the test above.
TEST_P(KernelBits, AnAgentIsTheRunOfItsSeed) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 3;
  const std::vector<double> runs[] = {trained(c, 1), trained(c, 2)};
  c.agents = 1;
  for (const std::vector<double>& run : runs) {
    c.seed += 1;
    if (c.mlp == Mlp::fused) {
      EXPECT_EQ(trained(c), run);
    } else {
      const std::vector<double> start = cuda::make_cuda_learner(c)->state(0).parameters;
      EXPECT_LE(share_of_the_way(run, trained(c), start), 1e-3);
    }
  }
}

// So many cycles that the second learner, after its first one, replays a graph twice or more; the
// first launches directly.
TEST_P(KernelBits, ReplayingAGraphIsLaunchingItsKernels) {
  LearnerConfig c = small_config(GetParam());
  c.updates_per_step = 60;  // a graph is one or two cycles then
  const auto direct = cuda::make_cuda_learner(c), graph = cuda::make_cuda_learner(c);
  direct->warm_up(1);
  for (int i = 0; i < 5; ++i) direct->train(1);
  graph->warm_up(1);
  graph->train(5);
  EXPECT_EQ(direct->state(0).parameters, graph->state(0).parameters);
  EXPECT_EQ(graph->progress().updates, 300);
  EXPECT_EQ(graph->progress().vector_steps, 6);
}

TEST_P(KernelBits, NoUpdateBeforeTheReplayHoldsABatch) {
  LearnerConfig c = small_config(GetParam());
  c.envs = 10;  // 21 transitions are there after the third step
  const auto learner = cuda::make_cuda_learner(c);
  AgentState moving = learner->state(0);
  std::ranges::fill(moving.adam_m, 1.0);  // a step decays it, also one without gradients
  learner->load(0, moving);
  const std::vector<double> before = learner->state(0).parameters;
  learner->train(2);
  EXPECT_EQ(learner->progress().updates, 0);
  EXPECT_EQ(learner->state(0).parameters, before);
  EXPECT_EQ(learner->state(0).adam_m, moving.adam_m);
  EXPECT_EQ(learner->losses()[0].v, 0);
  learner->train(1);
  EXPECT_EQ(learner->progress().updates, 2);
  EXPECT_NE(learner->state(0).parameters, before);
}

TEST_P(KernelBits, SaveAndReloadGiveTheSameBits) {
  const LearnerConfig c = small_config(GetParam());
  const auto first = cuda::make_cuda_learner(c);
  first->warm_up(2);
  first->train(2);
  const AgentState saved = first->state(0);
  first->train(2);
  const AgentState expected = first->state(0);

  // The same environments and replay: a learner that came as far, then is given other parameters.
  const auto second = cuda::make_cuda_learner(c);
  second->warm_up(2);
  second->train(2);
  AgentState other = saved;
  for (double& p : other.parameters) p += 1;
  second->load(0, other);
  second->load(0, saved);
  second->train(2);
  EXPECT_EQ(second->state(0).parameters, expected.parameters);
  EXPECT_EQ(second->state(0).adam_m, expected.adam_m);
  EXPECT_EQ(second->state(0).adam_v, expected.adam_v);
  EXPECT_EQ(second->state(0).updates, expected.updates);
}

TEST_P(KernelBits, CountsWrapNowhere) {
  expect_counts_that_wrap_nowhere(small_config(GetParam()), cuda::make_cuda_learner);
}

// Before the replay wraps, and after it, with a graph captured.
TEST_P(KernelBits, ARestoredLearnerGoesOnToTheBit) {
  for (const int64_t cycles : {0, 3}) {
    LearnerConfig c = small_config(GetParam());
    c.agents = 2;
    const auto first = cuda::make_cuda_learner(c), second = cuda::make_cuda_learner(c);
    first->warm_up(1);
    first->train(cycles);
    second->train(2);  // what it did before is forgotten
    second->restore(first->snapshot());
    EXPECT_EQ(second->losses()[1].q1, first->losses()[1].q1);
    EXPECT_EQ(second->losses()[1].alpha, first->losses()[1].alpha);
    for (Learner* learner : {first.get(), second.get()}) learner->train(3);
    for (const int agent : {0, 1}) {
      EXPECT_EQ(second->state(agent).parameters, first->state(agent).parameters);
      EXPECT_EQ(second->state(agent).adam_v, first->state(agent).adam_v);
    }
    EXPECT_EQ(second->progress().vector_steps, first->progress().vector_steps);
    EXPECT_EQ(second->progress().updates, first->progress().updates);
    EXPECT_EQ(second->losses()[1].q1, first->losses()[1].q1);
  }
}

// A run goes on on a device of another kind, in both directions.
TEST_P(KernelTraining, ASnapshotOfTheOtherDeviceIsGoneOnWith) {
  LearnerConfig c = small_config(GetParam());
  const auto kernels = cuda::make_cuda_learner(c);
  c.mlp = Mlp::fused;
  const auto cpu = cpu::make_cpu_learner<float>(c);
  cpu->warm_up(2);
  cpu->train(2);
  kernels->restore(cpu->snapshot());
  const std::vector<double> start = cpu->state(0).parameters;
  EXPECT_EQ(kernels->state(0).parameters, start);
  for (Learner* learner : {kernels.get(), cpu.get()}) learner->train(3);
  EXPECT_LE(share_of_the_way(kernels->state(0).parameters, cpu->state(0).parameters, start), 1e-3);
  cpu->restore(kernels->snapshot());
  EXPECT_EQ(cpu->state(0).parameters, kernels->state(0).parameters);
  EXPECT_EQ(cpu->snapshot().agents[0].replay, kernels->snapshot().agents[0].replay);
  EXPECT_EQ(cpu->newest(0, 50), kernels->newest(0, 50));
}

TEST_P(KernelTraining, EvaluationPlaysTheReferencesEpisodesAndLeavesTrainingAlone) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 2;
  const auto kernels = cuda::make_cuda_learner(c);
  const auto reference = cpu::make_cpu_learner<double>(c);
  const EpisodePlan plan{.episodes = 19, .seed = 77, .purpose = Purpose::monitor, .number = 5};
  EpisodePlan other = plan;
  other.number = 6;
  const std::vector<Evaluation> got = kernels->evaluate(plan);
  const std::vector<Evaluation> expected = reference->evaluate(plan);
  for (size_t p = 0; p < 2; ++p) {
    EXPECT_TRUE(same_episodes(got[p], expected[p]));
  }
  EXPECT_FALSE(same_episodes(got[1], expected[0]));  // another policy's are told apart,
  EXPECT_FALSE(same_episodes(kernels->evaluate(other)[0], expected[0]));  // and other starts
  kernels->warm_up(2);
  kernels->train(2);
  kernels->evaluate({.episodes = 3, .seed = 1});
  kernels->train(2);
  EXPECT_EQ(kernels->state(0).parameters, trained(c));
}

TEST_P(KernelBits, RetiredAgentsStayAsTheyAreAndOthersGoOn) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 3;
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(2);
  learner->train(2);
  learner->retire(0);
  const Snapshot before = learner->snapshot();
  learner->train(2);
  const Snapshot after = learner->snapshot();
  EXPECT_EQ(after.agents[0].parameters, before.agents[0].parameters);
  EXPECT_EQ(after.agents[0].adam_m, before.agents[0].adam_m);
  EXPECT_EQ(after.agents[0].environments, before.agents[0].environments);
  EXPECT_EQ(after.progress.vector_steps, 6);
  EXPECT_EQ(after.progress.updates, 4 * c.updates_per_step);
  for (const int p : {1, 2}) EXPECT_EQ(learner->state(p).parameters, trained(c, p)) << p;
  learner->restore(before);  // which retires nobody
  learner->train(2);
  EXPECT_EQ(learner->state(0).parameters, trained(c, 0));
}

// With random actions both devices play the same episodes, but for a pole that rounding lets fall
// a step earlier.
TEST_P(KernelTraining, FollowsTheReturnsOfTheEpisodes) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 2;
  const auto kernels = cuda::make_cuda_learner(c);
  const auto reference = cpu::make_cpu_learner<double>(c);
  for (const int p : {0, 1}) EXPECT_TRUE(std::isnan(kernels->episode_returns(p)[7]));
  kernels->warm_up(300);
  reference->warm_up(300);
  for (const int p : {0, 1}) {
    const std::vector<float> got = kernels->episode_returns(p);
    const std::vector<float> expected = reference->episode_returns(p);
    int differ = 0;
    for (size_t e = 0; e < expected.size(); ++e) {
      EXPECT_GT(expected[e], 5);
      differ += std::abs(got[e] - expected[e]) > 1e-3f;
    }
    EXPECT_LE(differ, 2);
  }
  EXPECT_EQ(kernels->snapshot().agents[1].episode_returns.size(), 2 * static_cast<size_t>(c.envs));
}

TEST_P(KernelBits, KnowsTheStepThatWasNotFinite) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 2;
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(2);
  learner->train(2);
  const int64_t sound = learner->progress().updates;
  EXPECT_EQ(learner->losses()[1].not_finite_since, 0);
  AgentState spoilt = learner->state(1);
  spoilt.parameters[network_layout(c.shape, Network::q1).b3] = NAN;
  learner->load(1, spoilt);
  learner->train(2);
  EXPECT_GT(learner->progress().updates, sound + 1);
  EXPECT_EQ(learner->losses()[1].not_finite_since, sound + 1);
  EXPECT_EQ(learner->losses()[0].not_finite_since, 0);
}

// Every one of them reaches the kernels: the agent goes on as one of a learner that has them.
TEST_P(KernelBits, AnAgentHasHyperparametersOfItsOwn) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 2;
  const auto learner = cuda::make_cuda_learner(c);
  learner->warm_up(2);
  learner->train(2);
  const Snapshot before = learner->snapshot();
  LearnerConfig other = c;
  other.hyper = other_hyperparameters();
  learner->set_hyperparameters(1, other.hyper);
  learner->train(2);
  const auto all_other = cuda::make_cuda_learner(other);
  all_other->restore(before);
  all_other->train(2);
  EXPECT_EQ(learner->state(1).parameters, all_other->state(1).parameters);
  EXPECT_EQ(learner->state(0).parameters, trained(c, 0));
}

TEST_P(KernelTraining, OnlyThoseOfThePlanPlay) {
  LearnerConfig c = small_config(GetParam());
  c.agents = 3;
  const auto learner = cuda::make_cuda_learner(c);
  learner->retire(2);
  EpisodePlan plan{.episodes = 19, .seed = 77};
  const std::vector<Evaluation> all = learner->evaluate(plan);
  plan.agents = {false, true, true};
  const std::vector<Evaluation> some = learner->evaluate(plan);
  ASSERT_EQ(some.size(), 3u);
  EXPECT_TRUE(some[0].returns.empty());
  for (const size_t p : {1, 2}) EXPECT_EQ(some[p].returns, all[p].returns);
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelTraining, exact_ways(), name_of_way);
INSTANTIATE_TEST_SUITE_P(Ways, KernelBits, all_ways(), name_of_way);

TEST(KernelLearner, RefusesWhatTheKernelsDoNotServe) {
  const auto refused = [](auto change) {
    LearnerConfig c = small_config({Mlp::fused, Precision::fp32});
    change(c);
    EXPECT_THROW(cuda::make_cuda_learner(c), std::invalid_argument);
  };
  refused([](LearnerConfig& c) { c.shape.hidden = 48; });
  refused([](LearnerConfig& c) {
    c.mlp = Mlp::cublas;
    c.shape.hidden = 4097;
  });
  refused([](LearnerConfig& c) { c.shape.obs = 17; });
  refused([](LearnerConfig& c) { c.shape.act = 5; });
  refused([](LearnerConfig& c) { c.batch = 0; });
  refused([](LearnerConfig& c) { c.replay_capacity = c.envs - 1; });
  refused([](LearnerConfig& c) { c.environment = env::Environments::size; });
}

}  // namespace
}  // namespace sac
