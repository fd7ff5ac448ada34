#include "host/files/csv.h"

#include <sstream>

namespace sac::files {

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

}  // namespace sac::files
