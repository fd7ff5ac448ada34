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
  const size_t column = std::ranges::find(header, "action") - header.begin();
  if (column == header.size()) {
    throw UsageError(path + ": no column 'action': expected CSV with a header that names one");
  }

  std::vector<double> actions;
  int ended_at = 0;
  while (true) {
    const std::vector<std::string> row = next_row(file, line_number);
    if (row.empty()) break;
    const std::string where = fmt::format("{}: line {}", path, line_number);
    if (row.size() <= column) {
      throw UsageError(where + " ends before the column 'action': expected a cell in every line");
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
