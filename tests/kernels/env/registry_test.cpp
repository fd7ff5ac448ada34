#include "kernels/env/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <string>

#include "host/files/csv.h"
#include "kernels/layout.h"

namespace sac::env {
namespace {

TEST(Registry, TheSourceTaskIsTheDefault) {
  EXPECT_STREQ(Environments::info[0].id, "InvertedPendulumBulletEnv-v0");
}

TEST(Registry, IdsAreUnique) {
  std::set<std::string> ids;
  for (const EnvironmentInfo& info : Environments::info) ids.insert(info.id);
  EXPECT_EQ(ids.size(), static_cast<size_t>(Environments::size));
}

TEST(Registry, VisitFindsTheEnvironmentOfAnIndex) {
  for (int i = 0; i < Environments::size; ++i) {
    int visits = 0;
    EXPECT_TRUE(Environments::visit(i, [&]<template <class> class E>() {
      ++visits;
      EXPECT_STREQ(E<float>::info.id, Environments::info[i].id);
      EXPECT_EQ(sizeof(typename E<float>::State), E<float>::info.state * sizeof(float));
      EXPECT_EQ(sizeof(typename E<double>::State), E<double>::info.state * sizeof(double));
    }));
    EXPECT_EQ(visits, 1);
  }
}

TEST(Registry, VisitRefusesOtherIndices) {
  const auto never = []<template <class> class E>() { ADD_FAILURE() << E<float>::info.id; };
  EXPECT_FALSE(Environments::visit(-1, never));
  EXPECT_FALSE(Environments::visit(Environments::size, never));
}

TEST(Registry, SizesFitTheLayout) {
  for (const EnvironmentInfo& info : Environments::info) {
    EXPECT_LE(files::comma_separated(info.state_names).size(), static_cast<size_t>(info.state))
        << info.id;
    EXPECT_EQ(files::comma_separated(info.obs_names).size(), static_cast<size_t>(info.obs))
        << info.id;
    EXPECT_EQ(files::comma_separated(info.act_names).size(), static_cast<size_t>(info.act))
        << info.id;
    EXPECT_TRUE(info.obs >= 1 && info.obs <= kMaxObs) << info.id;
    EXPECT_TRUE(info.act >= 1 && info.act <= kMaxAct) << info.id;
  }
}

// Every observation is what its name says of a state whose scalars all differ; but for what engines
// observe beside the state, and the tests of these tasks check.
TEST(Registry, ObservationsHaveTheirNames) {
  const auto check = []<template <class> class E>() {
    std::array<double, E<double>::info.state> values;
    for (size_t i = 0; i < values.size(); ++i) values[i] = 0.1 + 0.2 * static_cast<double>(i);
    double obs[E<double>::info.obs];
    E<double>::observe(std::bit_cast<typename E<double>::State>(values), obs);
    const auto states = files::comma_separated(E<double>::info.state_names);
    const auto names = files::comma_separated(E<double>::info.obs_names);
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] == "late_x2" || names[i] == "slider_force") continue;
      const bool cosine = names[i].starts_with("cos_"), sine = names[i].starts_with("sin_");
      const auto state = std::ranges::find(states, names[i].substr(cosine || sine ? 4 : 0));
      ASSERT_NE(state, states.end()) << names[i];
      const double value = values[state - states.begin()];
      EXPECT_DOUBLE_EQ(obs[i], cosine ? std::cos(value) : sine ? std::sin(value) : value);
    }
  };
  for (int i = 0; i < Environments::size; ++i) Environments::visit(i, check);
}

TEST(Registry, SinesAndCosinesAreBounded) {
  for (const EnvironmentInfo& info : Environments::info) {
    const auto names = files::comma_separated(info.obs_names);
    for (size_t i = 0; i < names.size(); ++i) {
      const bool turns = names[i].starts_with("cos_") || names[i].starts_with("sin_");
      EXPECT_GT(info.max_obs[i], 0) << info.id << ' ' << names[i];
      EXPECT_EQ(info.max_obs[i] == 1, turns) << info.id << ' ' << names[i];
    }
  }
}

// The table of environments, as their sources state it.
TEST(Registry, Conventions) {
  struct Row {
    const char* id;
    int obs, time_limit;
    double step_seconds, max_action, solved_at;
    int solved_episodes;
  };
  constexpr Row kRows[] = {
      {"InvertedPendulumBulletEnv-v0", 5, 1000, 0.0165, 1, 950, 64},
      {"InvertedPendulumSwingupBulletEnv-v0", 5, 1000, 0.0165, 1, 800, 64},
      {"Pendulum-v1", 3, 200, 0.05, 2, -200, 100},
      {"InvertedPendulum-v5", 4, 1000, 0.04, 3, 950, 64},
      {"InvertedDoublePendulumBulletEnv-v0", 9, 1000, 0.0165, 1, 9100, 64},
      {"InvertedDoublePendulum-v5", 9, 1000, 0.05, 1, 9100, 64},
  };
  for (const Row& row : kRows) {
    int found = 0;
    for (const EnvironmentInfo& info : Environments::info) {
      if (info.id != std::string(row.id)) continue;
      ++found;
      EXPECT_EQ(info.obs, row.obs) << row.id;
      EXPECT_EQ(info.act, 1) << row.id;
      EXPECT_EQ(info.time_limit, row.time_limit) << row.id;
      EXPECT_EQ(info.step_seconds, row.step_seconds) << row.id;
      EXPECT_EQ(info.max_action, row.max_action) << row.id;
      EXPECT_EQ(info.solved_at, row.solved_at) << row.id;
      EXPECT_EQ(info.solved_episodes, row.solved_episodes) << row.id;
    }
    EXPECT_EQ(found, 1) << row.id;
  }
}

}  // namespace
}  // namespace sac::env
