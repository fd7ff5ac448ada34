// Comma-separated text that a user hands in.
#pragma once

#include <string>
#include <vector>

namespace sac::files {

/// The cells of one line, without surrounding blanks, line ends and double quotes. There is one
/// more cell than there are commas; quoted commas are not supported.
std::vector<std::string> comma_separated(const std::string& line);

/// The column "action" of a CSV file with a header line, which must name it once; other columns and
/// blank lines are ignored. Every line has as many cells as the header. Empty actions, as in the
/// last row of a printed trajectory, may only end the column. Throws UsageError that names the
/// file, and the header or the line that is at fault.
std::vector<double> read_actions(const std::string& path);

}  // namespace sac::files
