#include "kernels/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "host/base/named_parameters.h"

namespace sac {
namespace {

TEST(Layout, TensorsAreAlignedAndDoNotOverlap) {
  for (Shape s :
       {Shape{5, 1, 256}, {3, 2, 21}, {16, 4, 33}, {1, 1, 1}, {3, 2, 21, Algorithm::sac_v2}}) {
    std::vector<NamedTensor> tensors = named_parameters(s);
    std::sort(tensors.begin(), tensors.end(),
              [](const NamedTensor& a, const NamedTensor& b) { return a.offset < b.offset; });
    size_t end = 0;
    for (const NamedTensor& t : tensors) {
      if (t.name.find("log_std") != std::string::npos) {
        EXPECT_EQ(t.offset, end) << t.name << ": the second head continues the first one's tensor";
      } else {
        EXPECT_EQ(t.offset, aligned(end)) << t.name;
      }
      end = t.offset + t.size();
    }
    EXPECT_LE(end, agent_stride(s));
    EXPECT_EQ(agent_stride(s) % 16, 0u);
  }
}

TEST(Layout, NamesAndShapesOfTheStepFile) {
  std::map<std::string, std::vector<size_t>> shapes;
  size_t trained = 0;
  for (const NamedTensor& t : named_parameters({5, 1, 256})) {
    EXPECT_TRUE(shapes.emplace(t.name, t.shape).second) << t.name;
    if (!is_target(Algorithm::sac_v1, t.network)) trained += t.size();
  }
  EXPECT_EQ(shapes.size(), 8u + 4 * 6);
  EXPECT_EQ(shapes["q2.layers.0.weight"], (std::vector<size_t>{256, 6}));
  EXPECT_EQ(shapes["pi.log_std.weight"], (std::vector<size_t>{1, 256}));
  EXPECT_EQ(shapes["v_target.out.bias"], (std::vector<size_t>{1}));
  EXPECT_EQ(trained, 271109u) << "what a gradient step reads and writes, without v_target";
}

TEST(Layout, NamesAndShapesOfTheStepFileOfSacV2) {
  const Shape shape{3, 2, 8, Algorithm::sac_v2};
  std::map<std::string, NamedTensor> tensors;
  for (const NamedTensor& t : named_parameters(shape)) tensors.emplace(t.name, t);
  EXPECT_EQ(tensors.size(), 8u + 4 * 6 + 1);
  EXPECT_EQ(tensors.at("q2_target.layers.0.weight").shape, (std::vector<size_t>{8, 5}));
  EXPECT_EQ(tensors.at("log_alpha").shape, (std::vector<size_t>{1}));
  for (const char* q : {"q1", "q2"}) {
    for (const char* name : {".layers.0.weight", ".layers.1.bias", ".out.bias"}) {
      EXPECT_EQ(tensors.at(std::string(q) + "_target" + name).offset,
                tensors.at(std::string(q) + name).offset + target_distance(shape));
    }
  }
  EXPECT_TRUE(is_target(shape.algorithm, tensors.at("q1_target.out.bias").network));
  EXPECT_FALSE(is_target(shape.algorithm, tensors.at("log_alpha").network));
  EXPECT_FALSE(is_target(Algorithm::sac_v1, Network::v));
}

TEST(Layout, RecordsAreWholeCacheLines) {
  EXPECT_EQ(record_layout({5, 1, 256}).size, 16);
  for (int obs = 1; obs <= kMaxObs; ++obs) {
    for (int act = 1; act <= kMaxAct; ++act) {
      const RecordLayout r = record_layout({obs, act, 32});
      EXPECT_EQ(r.size % 16, 0);
      EXPECT_EQ(r.action, obs);
      EXPECT_EQ(r.reward, obs + act);
      EXPECT_EQ(r.next_obs, r.terminated + 1);
      EXPECT_LE(r.next_obs + obs, r.size);
    }
  }
}

TEST(Layout, ReplayIsARing) {
  EXPECT_EQ(replay_slot(0, 7, 0, 20), 0u);
  EXPECT_EQ(replay_slot(2, 7, 5, 20), 19u);
  EXPECT_EQ(replay_slot(2, 7, 6, 20), 0u);
  EXPECT_EQ(replay_size(2, 7, 20), 14u);
  EXPECT_EQ(replay_size(3, 7, 20), 20u);
  EXPECT_EQ(replay_slot(1'000'000'000, 65'536, 3, 1'000'000), 3u) << "no 32-bit overflow";
}

}  // namespace
}  // namespace sac
