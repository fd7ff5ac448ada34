// Bank conflicts and memory sectors of the fused kernels, as the emulator counts them, against
// their ideal: what the same words would take in full passes and packed sectors.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "host/cuda/cuda_learner.h"
#include "kernels/env/registry.h"
#include "tests/gpu/ways.h"

namespace sac {
namespace {

double share(int64_t excess, int64_t ideal) {
  return 100.0 * static_cast<double>(excess) / static_cast<double>(ideal);
}

LearnerConfig config(int hidden, Precision precision) {
  const env::EnvironmentInfo& info = env::Environments::info[0];
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = hidden};
  c.precision = precision;
  c.max_action = info.max_action;
  c.batch = 32;
  c.envs = 64;
  c.replay_capacity = 256;
  return c;
}

/// What the kernels that `run` launches do, counted.
template <class Run>
std::vector<simt::KernelCounters> counted(const Run& run) {
  simt::reset();
  simt::Options counting;
  counting.count = true;
  simt::set_options(counting);
  run();
  return simt::all_counters();
}

/// One vector step of two tiles of environments and one gradient step of two tiles of rows.
std::vector<simt::KernelCounters> counted_training(int hidden, Precision precision) {
  const auto learner = cuda::make_cuda_learner(config(hidden, precision));
  learner->warm_up(1);
  return counted([&] { learner->train(1); });
}

class KernelTraffic : public testing::Test {
 protected:
  ~KernelTraffic() override {
    simt::set_options(simt::options_from_environment());
    simt::reset();
  }
};

class KernelTrafficOf : public KernelTraffic, public testing::WithParamInterface<FusedKind> {};

// All that is done per element of a layer: products, activations, weight gradients, cp.async.
TEST_P(KernelTrafficOf, LayersHaveNoBankConflictsAndStreamWholeSectors) {
  const auto [hidden, precision] = GetParam();
  int lines = 0;
  for (const simt::KernelCounters& k : counted_training(hidden, precision)) {
    for (const simt::LineCounters& l : simt::counters_by_line(k.kernel)) {
      const auto of = [&l](const char* file) { return l.line.find(file) != std::string::npos; };
      const bool copy = of("kernels/gpu/ptx.cuh");
      if (!of("kernels/mlp/") && !of("kernels/gpu/")) continue;
      ++lines;
      EXPECT_EQ(l.counters.shared_wavefronts, l.counters.shared_ideal) << k.name << ' ' << l.line;
      if (copy) {
        EXPECT_EQ(l.counters.global_sectors, l.counters.global_ideal) << k.name << ' ' << l.line;
      }
    }
  }
  EXPECT_GT(lines, 10);
}

// fp32 at full width: a lane's four rows and four columns are 8 loads for 64 fma, of two passes
// each where lanes pair (tests/simt/src/traffic.cpp).
TEST_F(KernelTraffic, AnFmaCostsAQuarterOfAPass) {
  constexpr int kHidden = 256, kRows = 32, kProducts = 18;
  constexpr int64_t kFma = int64_t{kProducts} * kRows * kHidden * kHidden / 32;  // of warps
  for (const simt::KernelCounters& k : counted_training(kHidden, Precision::fp32)) {
    if (k.name.find("gradients_kernel") == std::string::npos) continue;
    int64_t passes = 0;  // of the line that loads vectors
    for (const simt::LineCounters& l : simt::counters_by_line(k.kernel)) {
      if (l.line.find("kernels/gpu/lanes.cuh") == std::string::npos) continue;
      passes = std::max(passes, l.counters.shared_wavefronts);
    }
    std::printf("  %.2f passes for 64 fma of a warp\n", 64.0 * passes / kFma);
    EXPECT_GE(passes, kFma / 8) << "the products' loads are there";
    EXPECT_LE(passes, 16 * (kFma / 64) * 1.001) << "and little else";
  }
}

// Each step of an evaluation multiplies with W2. At hidden 128 it stays in the ring's slots; at
// 256, 9 of 12 slots keep their slice, and 7 of 16 slices come again.
TEST_F(KernelTraffic, AnEvaluationBringsW2OnceOrTheRestOfIt) {
  for (const auto& [hidden, slices_again] : {std::pair{128, 0}, {256, 7}}) {
    const auto learner = cuda::make_cuda_learner(config(hidden, Precision::fp32));
    int steps = 0;
    const std::vector<simt::KernelCounters> kernels =
        counted([&] { steps = learner->evaluate({.episodes = 1})[0].lengths[0]; });
    EXPECT_GT(steps, 2);
    const int64_t slice = int64_t{hidden} * 16 * 4 / 32;  // sectors
    ASSERT_EQ(kernels.size(), 1u);
    int64_t sectors = 0;
    for (const simt::LineCounters& l : simt::counters_by_line(kernels[0].kernel)) {
      if (l.line.find("kernels/gpu/ptx.cuh") != std::string::npos) {
        sectors += l.counters.global_sectors;
      }
    }
    EXPECT_EQ(sectors, slice * (hidden / 16 + (steps - 1) * slices_again)) << steps << " steps";
  }
}

// What is left, at full width: a thread per row or per environment samples, steps and records, 1 %
// of the passes at most; W1 is read by columns, a seventh of the sectors at most.
TEST_F(KernelTraffic, TheRestIsSmall) {
  int kernels = 0;
  for (const simt::KernelCounters& k : counted_training(256, Precision::fp32)) {
    const simt::Counters& c = k.counters;
    const double passes = share(c.shared_wavefronts - c.shared_ideal, c.shared_ideal);
    const double sectors = share(c.global_sectors - c.global_ideal, c.global_ideal);
    std::printf("  %5.2f %% passes, %5.2f %% sectors above the ideal: %s\n", passes, sectors,
                k.name.substr(0, k.name.find('<')).c_str());
    EXPECT_LE(passes, 1) << k.name;
    EXPECT_LE(sectors, 100.0 / 7) << k.name;
    EXPECT_EQ(c.launches, 1) << k.name;
    ++kernels;
  }
  EXPECT_EQ(kernels, 3) << "a rollout and two kernels per gradient step";
}

INSTANTIATE_TEST_SUITE_P(Kinds, KernelTrafficOf, fused_kinds(), name_of_fused_kind);

}  // namespace
}  // namespace sac
