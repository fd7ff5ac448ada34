// The processes of a test that mpirun started.
#pragma once

#include "host/ranks/led_learner.h"
#include "host/ranks/ranks.h"

namespace sac::ranks {

/// Those of this program; main makes them.
extern const Ranks* all;

/// The first rank does the work with the learner of all, the others follow.
template <class Work>
void together(LearnerConfig config, const MakeLearner& make, const Work& work) {
  config.ranks = all;
  if (all->rank == 0) {
    work(*lead(config, make));
  } else {
    follow(*all, make);
  }
}

}  // namespace sac::ranks
