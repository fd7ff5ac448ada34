// What is logged at every evaluation of every agent: the columns of metrics.csv, and the tags of
// TensorBoard.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "host/training/run_record.h"

namespace sac::training {

/// What a metric is taken from.
struct Evaluated {
  const RunRecord& record;
  const AgentRecord& agent;
  size_t number;       ///< the agent's
  double replay_fill;  ///< share of the replay's slots that hold a transition
  Algorithm algorithm;
};

struct Metric {
  const char* column;  ///< in metrics.csv; docs/commands.md says what it is; empty: none
  const char* tag;     ///< in TensorBoard, Stable-Baselines3's where that has one; empty: none
  std::optional<double> (*value)(const Evaluated&);  ///< empty: there is none this time
};

/// In the order of the columns.
std::span<const Metric> metrics();

/// The column names as a line of metrics.csv.
std::string metrics_header();

/// The values as a line; NaN and infinity as "nan" and "inf".
std::string metrics_row(const Evaluated& evaluated);

}  // namespace sac::training
