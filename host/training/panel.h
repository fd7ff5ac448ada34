// What a run does, as a panel for a terminal.
#pragma once

#include <string>
#include <vector>

#include "host/terminal/text.h"
#include "host/training/config.h"
#include "host/training/learning_curve.h"
#include "host/training/run_record.h"

namespace sac::training {

/// Learning curve, time to go, rates and health: as many of them as half of a terminal of this size
/// holds, side by side where it is wide, in a frame. Each line is as wide as the others, and
/// narrower than the terminal. Empty if that is too small for a panel.
std::vector<std::string> panel(const TrainConfig& config, const RunRecord& record,
                               const LearningCurve& curve, terminal::Size size,
                               const terminal::Paint& paint);

}  // namespace sac::training
