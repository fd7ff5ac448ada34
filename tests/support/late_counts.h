// Learners whose counts pass 2^31 and 2^32, for tests that hold for every kind of learner.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "host/base/learner.h"

namespace sac {

/// The slots of the replay in which two snapshots differ.
inline std::set<uint64_t> changed_slots(const AgentSnapshot& a, const AgentSnapshot& b,
                                        size_t record) {
  std::set<uint64_t> slots;
  for (size_t i = 0; i < a.replay.size(); ++i) {
    if (a.replay[i] != b.replay[i]) slots.insert(i / record);
  }
  return slots;
}

/// Four cycles from a state in which this vector step and this gradient step are the next ones:
/// counts go on by as many, and the replay's ring by the slots that belong to those steps. Returns
/// the parameters.
inline std::vector<float> trained_from(Learner& learner, const LearnerConfig& c, Snapshot start,
                                       Progress progress) {
  constexpr int kCycles = 4;
  start.progress = progress;
  learner.restore(start);
  learner.train(kCycles);
  const Snapshot end = learner.snapshot();
  EXPECT_EQ(end.progress.vector_steps, progress.vector_steps + kCycles);
  EXPECT_EQ(end.progress.updates, progress.updates + kCycles * c.updates_per_step);
  EXPECT_EQ(learner.state(0).updates, end.progress.updates);
  std::set<uint64_t> written;
  for (int64_t t = progress.vector_steps; t < progress.vector_steps + kCycles; ++t) {
    for (int64_t e = 0; e < c.envs; ++e) written.insert((t * c.envs + e) % c.replay_capacity);
  }
  const size_t record = static_cast<size_t>(record_layout(c.shape).size);
  EXPECT_EQ(changed_slots(start.agents[0], end.agents[0], record), written);
  for (const float p : end.agents[0].parameters) EXPECT_TRUE(std::isfinite(p));
  EXPECT_TRUE(finite(learner.losses()[0]));
  return end.agents[0].parameters;
}

/// Vector steps, transitions and gradient steps pass 2^31, 2^32 and 2^33. Random numbers are drawn
/// for a step: had its number wrapped, or become another one's, two ends would be equal. So late
/// Adam's corrections are 1, so that nothing else tells the ends apart.
template <class Make>
void expect_counts_that_wrap_nowhere(LearnerConfig c, const Make& make) {
  c.replay_capacity = 7 * c.envs + 3;  // four steps leave a part of it alone
  const auto learner = make(c);
  learner->warm_up(8);
  const Snapshot start = learner->snapshot();
  std::set<std::vector<float>> ends;
  int runs = 0;
  for (const int power : {20, 31, 32, 33}) {
    const int64_t count = int64_t{1} << power;
    const int64_t updates = count - 2 * c.updates_per_step;
    for (const int64_t steps : {count - 2, count / c.envs - 2}) {
      SCOPED_TRACE(testing::Message() << "2^" << power << ", from vector step " << steps);
      ends.insert(trained_from(*learner, c, start, {steps, updates}));
      ends.insert(trained_from(*learner, c, start, {steps, int64_t{1} << 20}));
      runs += 2;
    }
  }
  EXPECT_EQ(ends.size(), static_cast<size_t>(runs));
}

}  // namespace sac
