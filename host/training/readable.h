// Counts and times as people read them.
#pragma once

#include <string>

namespace sac::training {

/// Three digits: 950, 12.3k, 4.56M, ...
std::string compact(double x);

/// 12.3 s, 2:05 min, 1:02 h.
std::string duration(double seconds);

}  // namespace sac::training
