#include "host/training/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace sac::training {
namespace {

// Scripts and spreadsheets of users know it: columns may be added at the end, never moved.
TEST(Metrics, TheHeaderIsForGood) {
  EXPECT_EQ(metrics_header(),
            "agent,env_steps,updates,train_seconds,wall_seconds,env_steps_per_second,"
            "updates_per_second,eval_return_mean,eval_return_std,eval_return_min,eval_return_max,"
            "eval_length_mean,confirm_return_mean,loss_v,loss_pi,loss_q1,loss_q2,entropy,"
            "saturated_actions,log_std_at_bounds,q_mean,q_gap_mean,v_residual_mean,replay_fill,"
            "training_return_mean,alpha,loss_alpha\n");
}

TEST(Metrics, ARowHasACellPerColumn) {
  RunRecord record;
  record.updates = 70;
  record.agents.resize(2);
  record.agents[1].losses.q2 = std::nan("");
  record.agents[1].diagnostics.entropy = -0.25;
  record.agents[1].training_return = -321;
  const std::string row = metrics_row({record, record.agents[1], 1, 0.5, Algorithm::sac_v1});
  EXPECT_EQ(std::ranges::count(row, ','), std::ranges::count(metrics_header(), ','));
  EXPECT_EQ(row, "1,0,70,0,0,0,0,0,0,0,0,0,,0,0,0,nan,-0.25,0,0,0,0,0,0.5,-321,,\n");
}

TEST(Metrics, WhatAnAlgorithmHasNotIsEmpty) {
  RunRecord record;
  record.agents.resize(1);
  record.agents[0].losses = {.v = 1, .pi = 2, .q1 = 3, .q2 = 4, .alpha = 5};
  record.agents[0].diagnostics.v_residual = 6;
  record.agents[0].diagnostics.alpha = 7;
  const std::string row = metrics_row({record, record.agents[0], 0, 0.5, Algorithm::sac_v2});
  EXPECT_EQ(row, "0,0,0,0,0,0,0,0,0,0,0,0,,,2,3,4,0,0,0,0,0,,0.5,,7,5\n");
}

TEST(Metrics, EveryColumnIsDocumented) {
  std::ifstream in(SAC_SOURCE "/docs/commands.md");
  std::stringstream page;
  page << in.rdbuf();
  for (const Metric& metric : metrics()) {
    if (*metric.column == '\0') continue;
    EXPECT_NE(page.str().find('`' + std::string(metric.column) + '`'), std::string::npos)
        << metric.column;
  }
}

}  // namespace
}  // namespace sac::training
