// The learner on GPUs of several processes beside that of one. Run by mpirun on the emulator, one
// in every process: all come to the same learners in the same order, the first compares.
#include <gtest/gtest.h>
#include <nccl.h>

#include "host/cuda/cuda_learner.h"
#include "host/devices/devices.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/smooth_batch.h"
#include "tests/ranks/all_ranks.h"
#include "tests/ranks/nearness.h"

namespace sac::cuda {
namespace {

template <class Work>
void together(const LearnerConfig& config, const Work& work) {
  ranks::together(config, make_cuda_learner, work);
}

/// Rows that no number of ranks shares evenly.
constexpr int kBatch = 79;

void check_step(Algorithm algorithm, Precision precision, Mlp mlp) {
  SCOPED_TRACE(precision_name(precision));
  LearnerConfig config = gradcheck::check_config(
      {.obs = 4, .act = 2, .hidden = 32, .algorithm = algorithm}, kBatch, 1);
  config.precision = precision;
  config.mlp = mlp;
  const auto own = make_cuda_learner(config);
  const AgentState start = gradcheck::check_start(config, own->state(0));
  const Batch batch = gradcheck::smooth_batch(config, start.parameters);
  own->load(0, start);
  const StepResult expected = own->gradient_step(batch);
  together(config, [&](Learner& learner) {
    learner.load(0, start);
    expect_near<float>(kBatch, expected, learner.gradient_step(batch));
  });
}

TEST(CudaLearnerOfRanks, AStepIsThatOfOneProcess) {
  for (const Algorithm algorithm : {Algorithm::sac_v1, Algorithm::sac_v2}) {
    for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
      check_step(algorithm, precision, Mlp::fused);
      check_step(algorithm, precision, Mlp::cublas);
    }
  }
}

LearnerConfig training_config(Precision precision, Mlp mlp) {
  LearnerConfig config;
  config.shape = {.obs = 4, .act = 1, .hidden = 32};
  config.batch = kBatch;
  config.envs = 50;
  config.replay_capacity = 180;
  config.updates_per_step = 2;
  config.precision = precision;
  config.mlp = mlp;
  return config;
}

/// Long enough for a graph of 256 nodes to be captured and launched.
constexpr int kCycles = 60;

void check_training(const LearnerConfig& config) {
  const auto own = make_cuda_learner(config);
  // One cycle: its actions are those of one process to the bit, and so is the replay.
  const auto teach = [](Learner& learner) {
    learner.warm_up(2);
    learner.train(1);
  };
  teach(*own);
  const Snapshot expected = own->snapshot();
  Snapshot shared;
  together(config, [&](Learner& learner) {
    teach(learner);
    shared = learner.snapshot();
    EXPECT_EQ(shared.agents[0].replay, expected.agents[0].replay);
    EXPECT_EQ(shared.agents[0].environments, expected.agents[0].environments);
    expect_near<float>(kBatch, expected.agents[0].losses, shared.agents[0].losses);
    learner.train(kCycles);
    EXPECT_EQ(learner.progress().updates, 2 * (kCycles + 1));
    shared = learner.snapshot();
    EXPECT_TRUE(finite(shared.agents[0].losses));
  });
  // Every rank has come to the same networks and the same replay.
  LearnerConfig all = config;
  all.ranks = ranks::all;
  const auto each = make_cuda_learner(all);
  teach(*each);
  each->train(kCycles);
  const Snapshot own_rank = each->snapshot();
  const std::vector<float> parameters = ranks::all->from_first(own_rank.agents[0].parameters);
  EXPECT_EQ(own_rank.agents[0].parameters, parameters);
  EXPECT_EQ(own_rank.agents[0].replay, ranks::all->from_first(own_rank.agents[0].replay));
  if (ranks::all->rank == 0) {
    EXPECT_EQ(shared.agents[0].parameters, parameters) << "run for run";
  }
}

TEST(CudaLearnerOfRanks, AllHaveTheSameNetworksAndReplay) {
  check_training(training_config(Precision::fp32, Mlp::fused));
  check_training(training_config(Precision::bf16, Mlp::fused));
  check_training(training_config(Precision::tf32, Mlp::cublas));
}

TEST(CudaLearnerOfRanks, AutoTakesTheCpuWhereThereIsNoNccl) {
  LearnerConfig config = training_config(Precision::fp32, Mlp::fused);
  config.batch = 512;  // tiles enough for the ranks, on the CPU
  config.ranks = ranks::all;
  EXPECT_EQ(devices::choose({}, config).device, devices::Device::cuda);
  nccl_stand_in_is_there(false);
  const devices::DeviceChoice choice = devices::choose({}, config);
  nccl_stand_in_is_there(true);
  EXPECT_EQ(choice.device, devices::Device::cpu);
  EXPECT_NE(choice.reason.find("ranks: libnccl.so.2 could not be loaded"), std::string::npos)
      << choice.reason;
}

TEST(CudaLearnerOfRanks, GoesOnFromASnapshotToTheBit) {
  const LearnerConfig config = training_config(Precision::bf16, Mlp::fused);
  Snapshot middle, end;
  together(config, [&](Learner& learner) {
    learner.warm_up(2);
    learner.train(3);
    middle = learner.snapshot();
    learner.train(3);
    end = learner.snapshot();
  });
  together(config, [&](Learner& learner) {
    learner.restore(middle);
    learner.train(3);
    const Snapshot again = learner.snapshot();
    EXPECT_EQ(again.agents[0].parameters, end.agents[0].parameters);
    EXPECT_EQ(again.agents[0].adam_v, end.agents[0].adam_v);
    EXPECT_EQ(again.agents[0].replay, end.agents[0].replay);
  });
}

TEST(CudaLearnerOfRanks, RetiredAgentsStayAndOthersLearn) {
  for (const Mlp mlp : {Mlp::fused, Mlp::cublas}) {
    LearnerConfig config = training_config(Precision::fp32, mlp);
    config.agents = 3;
    const auto teach = [](Learner& learner) {
      learner.warm_up(2);
      learner.retire(1);
      learner.train(1);
    };
    const auto own = make_cuda_learner(config);
    const std::vector<double> before = own->state(1).parameters;
    teach(*own);
    together(config, [&](Learner& learner) {
      teach(learner);
      EXPECT_EQ(learner.state(1).parameters, before);
      for (const int p : {0, 2}) {
        expect_near<float>(kBatch, own->state(p).adam_m, learner.state(p).adam_m);
      }
    });
  }
}

}  // namespace
}  // namespace sac::cuda
