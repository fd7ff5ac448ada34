#include "host/report/metrics_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>

#include "host/base/usage_error.h"
#include "host/files/csv.h"
#include "host/training/metrics.h"

namespace sac::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double value_of(const std::string& cell) {
  char* end = nullptr;
  const double value = std::strtod(cell.c_str(), &end);
  return cell.empty() || *end != '\0' ? kNone : value;
}

}  // namespace

std::vector<Columns> read_metrics(const std::filesystem::path& path, size_t agents) {
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) {
    throw UsageError(fmt::format("{}: cannot be read: {}", path.string(),
                                 in.is_open() ? "it is empty" : std::strerror(errno)));
  }
  const std::vector<std::string> names = files::comma_separated(line);
  const size_t agent_at = std::ranges::find(names, "agent") - names.begin();
  if (agent_at == names.size()) {
    throw UsageError(fmt::format("{}: has no column agent", path.string()));
  }
  std::vector<std::string> wanted;
  for (const training::Metric& metric : training::metrics()) {
    if (*metric.column != '\0') wanted.emplace_back(metric.column);
  }
  std::vector<Columns> tables(agents);
  for (Columns& table : tables) {
    for (const std::string& name : wanted) table[name];
  }
  for (int number_of_line = 2; std::getline(in, line); ++number_of_line) {
    const std::vector<std::string> cells = files::comma_separated(line);
    // The file grows by whole lines; one without an end is not all there.
    const double agent = cells.size() == names.size() && !in.eof() ? value_of(cells[agent_at]) : -1;
    if (!(agent >= 0 && agent < static_cast<double>(agents))) {
      throw UsageError(fmt::format("{}: line {} is not whole, or of no agent of this run",
                                   path.string(), number_of_line));
    }
    Columns& table = tables[static_cast<size_t>(agent)];
    for (const std::string& name : wanted) {
      const size_t at = std::ranges::find(names, name) - names.begin();
      table[name].push_back(at == names.size() ? kNone : value_of(cells[at]));
    }
  }
  return tables;
}

}  // namespace sac::report
