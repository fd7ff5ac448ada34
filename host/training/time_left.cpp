#include "host/training/time_left.h"

#include <algorithm>
#include <cstdint>

namespace sac::training {
namespace {

using Seconds = std::optional<double>;

Seconds until(const std::optional<int64_t>& limit, int64_t done, const RunRecord& record) {
  if (!limit || done == 0) return std::nullopt;
  const double pace = record.wall_seconds / static_cast<double>(done);
  return std::max(pace * static_cast<double>(*limit - done), 0.0);
}

}  // namespace

Seconds seconds_left(const TrainConfig& config, const RunRecord& record) {
  Seconds time;
  if (config.time_limit) time = std::max(*config.time_limit - record.wall_seconds, 0.0);
  Seconds least;
  for (const Seconds& left : {until(config.steps, record.env_steps, record),
                              until(config.updates, record.updates, record), time}) {
    if (left) least = std::min(least.value_or(*left), *left);
  }
  return least;
}

Seconds seconds_left_at_most(const TrainConfig& config, const RunRecord& record) {
  return until(config.most_updates, record.updates, record);
}

}  // namespace sac::training
