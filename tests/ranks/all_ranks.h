// The processes of a test that mpirun started.
#pragma once

#include "host/ranks/ranks.h"

namespace sac::ranks {

/// Those of this program; main makes them.
extern const Ranks* all;

}  // namespace sac::ranks
