// A run's metrics.csv, read back.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sac::report {

/// The evaluations of one agent, in their order: a column per name, all of one length. NaN where a
/// cell is empty or no number. Columns that the file lacks are all NaN.
using Columns = std::map<std::string, std::vector<double>>;

/// By agent, `agents` of them; one that was never evaluated has empty columns. Throws UsageError,
/// one line that names the file, if it cannot be read, lacks the column of agents, or has a line
/// that is not whole.
std::vector<Columns> read_metrics(const std::filesystem::path& path, size_t agents);

}  // namespace sac::report
