// Actions that a user hands in as CSV.
#pragma once

#include <string>
#include <vector>

namespace sac::files {

/// The column "action" of a CSV file with a header line; other columns and blank lines are
/// ignored. Empty cells, as in the last row of a printed trajectory, may only end the column.
/// Throws UsageError that names the file, and the line where a cell is at fault.
std::vector<double> read_actions(const std::string& path);

}  // namespace sac::files
