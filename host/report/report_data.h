// What a report shows, as one JSON value; host/report/page reads it.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "host/report/policy_view.h"
#include "host/training/finished_run.h"

namespace sac::report {

/// So many groups' policies are shown at most: the others would make the page too large.
inline constexpr size_t kMostPolicies = 8;

/// `policies` are those of the first groups, one each. Lists are thinned so that the text stays
/// well below 1 MB for ten runs of ten agents; numbers have four digits. Reads the runs'
/// metrics.csv, and throws as read_metrics does, or UsageError if a run has been resumed and goes
/// on.
nlohmann::ordered_json report_data(const std::vector<training::RunGroup>& groups,
                                   const std::vector<SeenPolicy>& policies);

}  // namespace sac::report
