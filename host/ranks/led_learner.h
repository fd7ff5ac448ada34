// One learner of several processes: rank 0 drives it as if it were alone, the others do as it does.
#pragma once

#include <functional>
#include <memory>

#include "host/base/learner.h"
#include "host/ranks/ranks.h"

namespace sac::ranks {

using MakeLearner = std::function<std::unique_ptr<Learner>(const LearnerConfig&)>;

/// On rank 0: makes the learner of all, config.ranks' processes, while the others' follow() makes
/// theirs: what cannot be made is better refused before. When it is destroyed follow() returns.
std::unique_ptr<Learner> lead(const LearnerConfig& config, const MakeLearner& make);

/// On every other rank: the same learner, with rank 0's configuration, and the calls that rank 0
/// gets, until there are no more. Evaluation is rank 0's alone: all have the same networks.
void follow(const Ranks& ranks, const MakeLearner& make);

}  // namespace sac::ranks
