// Was the machine quiet enough to be believed?
#pragma once

#include <string>
#include <vector>

#include "bench/report.h"

namespace sac::bench {

/// Quartiles further apart than this share of the median are noise.
inline constexpr double kNoisySpread = 0.05;

/// A sentence for each table with noisy rows: those with more in a column whose key is or ends with
/// "spread".
std::vector<std::string> noise_remarks(const std::vector<Table>& tables);

}  // namespace sac::bench
