// The checks pass what is right, and each of them fails what is wrong.
#include "bench/gpu/checks.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <span>
#include <string>

#include "host/cuda/cuda_learner.h"
#include "kernels/layout.h"

namespace sac::bench {
namespace {

/// A learner with something wrong.
class Bent final : public Learner {
 public:
  explicit Bent(std::unique_ptr<Learner> learner) : learner_(std::move(learner)) {}

  std::function<void(StepResult&)> bend_step = [](StepResult&) {};
  std::function<void(int64_t& cycles)> bend_training = [](int64_t&) {};

  void warm_up(int64_t vector_steps) override { learner_->warm_up(vector_steps); }
  void train(int64_t cycles) override {
    bend_training(cycles);
    learner_->train(cycles);
  }
  void retire(int agent) override { learner_->retire(agent); }
  std::vector<float> episode_returns(int agent) override {
    return learner_->episode_returns(agent);
  }
  void set_hyperparameters(int agent, const Hyperparameters& hyper) override {
    learner_->set_hyperparameters(agent, hyper);
  }
  std::vector<Losses> losses() override { return learner_->losses(); }
  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    return learner_->evaluate(plan, give_up);
  }
  AgentState state(int agent) override { return learner_->state(agent); }
  std::vector<float> newest(int agent, int64_t count) override {
    return learner_->newest(agent, count);
  }
  void load(int agent, const AgentState& state) override { learner_->load(agent, state); }
  Snapshot snapshot() override { return learner_->snapshot(); }
  void restore(const Snapshot& snapshot) override { learner_->restore(snapshot); }
  StepResult gradient_step(const Batch& batch) override {
    StepResult result = learner_->gradient_step(batch);
    bend_step(result);
    return result;
  }
  Progress progress() const override { return learner_->progress(); }
  size_t memory_bytes() const override { return learner_->memory_bytes(); }
  std::string description() const override { return learner_->description(); }

 private:
  std::unique_ptr<Learner> learner_;
};

using Check = decltype(check_steps);
using Names = std::set<std::string>;

/// What failed with a learner that is bent so: what it was compared with and the variant, "plain
/// losses of fused, fp32".
Names failures(Check& check, std::span<const Variant> variants,
               const std::function<void(Bent&)>& bend) {
  Checks checks;
  check(
      [&](const LearnerConfig& config) {
        auto learner = std::make_unique<Bent>(cuda::make_cuda_learner(config));
        bend(*learner);
        return learner;
      },
      variants, true, checks);
  Names failed;
  for (const auto& row : checks.table.rows) {
    if (std::get<std::string>(row.back()) == "FAILED") {
      failed.insert(std::get<std::string>(row[2]) + " of " + std::get<std::string>(row[1]));
    }
  }
  EXPECT_EQ(checks.passed, failed.empty());
  return failed;
}

constexpr auto kVariants = variants_of(Algorithm::sac_v1);

/// Of the first variant alone: what is tested is independent of it.
constexpr Variants kFirst = Variants(kVariants).first(1);

TEST(Checks, PassTheKernels) {
  EXPECT_EQ(failures(check_steps, kVariants, [](Bent&) {}), Names{});
  EXPECT_EQ(failures(check_repeats, kFirst, [](Bent&) {}), Names{});
  EXPECT_EQ(failures(check_steps, variants_of(Algorithm::sac_v2), [](Bent&) {}), Names{});
}

TEST(Checks, FailAWrongLoss) {
  EXPECT_EQ(failures(check_steps, kFirst,
                     [](Bent& learner) {
                       learner.bend_step = [](StepResult& r) { r.losses.q2 *= 1.01; };
                     }),
            Names{"plain losses of fused, fp32"});
}

// A policy's gradient that leaves out the entropy term, say, is off by about its own size; a
// twentieth is enough, in the smallest tensor too, and so it is in bf16. The update is that of the
// right gradients.
TEST(Checks, FailAWrongGradient) {
  const NetworkLayout pi = network_layout({.obs = 5, .act = 2, .hidden = 32}, Network::pi);
  for (const auto& [begin, end] : {std::pair{pi.w2, pi.b2}, std::pair{pi.b3, pi.end}}) {
    const Names failed =
        failures(check_steps, kVariants, [first = begin, last = end](Bent& learner) {
          learner.bend_step = [first, last](StepResult& r) {
            for (size_t i = first; i < last; ++i) r.gradients[i] *= 1.05;
          };
        });
    for (const Variant& variant : kVariants) {
      EXPECT_TRUE(failed.contains("finite differences of " + text(variant)))
          << text(variant) << ' ' << begin;
    }
  }
}

TEST(Checks, FailAWrongUpdate) {
  EXPECT_EQ(failures(check_steps, kFirst,
                     [](Bent& learner) {
                       learner.bend_step = [](StepResult& r) { r.state.adam_v[100] *= 1.001; };
                     }),
            Names{"definition of fused, fp32"});
}

// Training that depends on how many cycles are asked for at once.
TEST(Checks, FailARunThatIsNotRepeated) {
  EXPECT_EQ(failures(check_repeats, kFirst,
                     [](Bent& learner) {
                       learner.bend_training = [](int64_t& cycles) {
                         cycles += cycles > 1 ? 1 : 0;
                       };
                     }),
            Names{"graph replayed, launched one by one of fused, fp32"});
}

// cuBLAS may choose another kernel another time.
TEST(Checks, OtherBitsOfCublasAreARemark) {
  Checks checks;
  const Variants cublas = Variants(kVariants).subspan(3, 1);
  int64_t calls = 0;
  check_repeats(
      [&](const LearnerConfig& config) {
        auto learner = std::make_unique<Bent>(cuda::make_cuda_learner(config));
        learner->bend_training = [&](int64_t& cycles) {
          if (cycles > 1) cycles += calls++;
        };
        return learner;
      },
      cublas, true, checks);
  EXPECT_TRUE(checks.passed);
  ASSERT_EQ(checks.table.rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(checks.table.rows[0].back()), "differs");
}

// Training that differs from learner to learner.
TEST(Checks, FailAReplayThatGivesOtherBits) {
  int64_t calls = 0;
  EXPECT_EQ(failures(check_repeats, kFirst,
                     [&](Bent& learner) {
                       learner.bend_training = [&](int64_t& cycles) {
                         if (cycles > 1) cycles += calls++;
                       };
                     }),
            Names{"graph replayed, launched one by one of fused, fp32"});
}

}  // namespace
}  // namespace sac::bench
