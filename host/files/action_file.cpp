#include "host/files/action_file.h"

#include <algorithm>
#include <fstream>

#include "host/base/finite_number.h"
#include "host/base/usage_error.h"
#include "host/files/csv.h"

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

}  // namespace

std::vector<double> read_actions(const std::string& path) {
  std::ifstream file(path);
  int line_number = 0;
  const std::vector<std::string> header = next_row(file, line_number);
  const auto column = static_cast<size_t>(std::ranges::find(header, "action") - header.begin());
  if (!file.is_open() || file.bad())
    throw UsageError("cannot read the actions file '" + path + "'");
  if (column == header.size()) {
    throw UsageError("'" + path + "' has no column 'action'; allowed: CSV whose header names one");
  }

  std::vector<double> actions;
  int ended_at = 0;
  while (true) {
    const std::vector<std::string> row = next_row(file, line_number);
    if (row.empty()) break;
    const std::string where = "'" + path + "' line " + std::to_string(line_number);
    if (row.size() <= column) {
      throw UsageError(where + " ends before the column 'action'; allowed: a cell in every line");
    }
    if (row[column].empty()) {
      ended_at = line_number;
    } else if (ended_at > 0) {
      throw UsageError(where + " has an action after the empty one of line " +
                       std::to_string(ended_at) + "; allowed: empty actions at the end");
    } else {
      actions.push_back(finite_number(row[column], where + ": action"));
    }
  }
  if (file.bad()) throw UsageError("cannot read the actions file '" + path + "'");
  return actions;
}

}  // namespace sac::files
