#include "host/files/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "host/base/parse_number.h"
#include "host/base/usage_error.h"

namespace sac::files {
namespace {

/// The next line that is not blank, as cells; none at the end of the file.
std::vector<std::string> next_row(std::istream& file, int& line_number) {
  for (std::string line; std::getline(file, line);) {
    const bool marked = ++line_number == 1 && line.starts_with("\xEF\xBB\xBF");  // byte order mark
    std::vector<std::string> cells = comma_separated(line.substr(marked ? 3 : 0));
    if (cells.size() > 1 || !cells[0].empty()) return cells;
  }
  return {};
}

/// Throws if reading failed for another reason than the end of the file.
void require_read(const std::ifstream& file, const std::string& path) {
  if (file.is_open() && !file.bad()) return;
  throw UsageError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
}

/// Where `name` stands in the header, which must name it once.
size_t column_of(const std::string& name, const std::vector<std::string>& header,
                 const std::string& path) {
  const auto times = std::ranges::count(header, name);
  if (times == 1) return std::ranges::find(header, name) - header.begin();
  if (header.empty()) {
    throw UsageError(fmt::format("{}: no column '{}': the file is empty", path, name));
  }
  throw UsageError(fmt::format(
      "{}: {} '{}' in the header {}: expected CSV whose first line names one", path,
      times == 0 ? "no column" : fmt::format("{} columns", times), name, fmt::join(header, ",")));
}

}  // namespace

std::vector<std::string> comma_separated(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line + ',');
  for (std::string cell; std::getline(rest, cell, ',');) {
    const char* margin = " \t\r\"";
    const size_t first = cell.find_first_not_of(margin);
    const size_t last = cell.find_last_not_of(margin);
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

std::vector<double> read_actions(const std::string& path) {
  std::ifstream file(path);
  int line_number = 0;
  const std::vector<std::string> header = next_row(file, line_number);
  require_read(file, path);
  const size_t column = column_of("action", header, path);

  std::vector<double> actions;
  int ended_at = 0;
  while (true) {
    const std::vector<std::string> row = next_row(file, line_number);
    if (row.empty()) break;
    const std::string where = fmt::format("{}: line {}", path, line_number);
    if (row.size() != header.size()) {
      throw UsageError(fmt::format("{} has {} cells: expected {}, as in the header {}", where,
                                   row.size(), header.size(), fmt::join(header, ",")));
    }
    if (row[column].empty()) {
      ended_at = line_number;
    } else if (ended_at > 0) {
      throw UsageError(
          fmt::format("{}: action {} follows the empty one of line {}: expected empty actions at "
                      "the end alone",
                      where, row[column], ended_at));
    } else {
      actions.push_back(parse_finite(where + ": action", row[column]));
    }
  }
  require_read(file, path);
  return actions;
}

}  // namespace sac::files
