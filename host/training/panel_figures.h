// The figures beside the learning curve.
#pragma once

#include <string>
#include <vector>

#include "host/terminal/text.h"
#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

/// Lines of at most `columns`, those that matter most first.
std::vector<std::string> panel_figures(const TrainConfig& config, const RunRecord& record,
                                       int columns, const terminal::Paint& paint);

}  // namespace sac::training
