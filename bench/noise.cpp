#include "bench/noise.h"

#include <algorithm>

namespace sac::bench {
namespace {

bool is_noisy(const Table& table, const std::vector<Cell>& row) {
  for (size_t i = 0; i < row.size(); ++i) {
    const double* spread = std::get_if<double>(&row[i]);
    if (spread != nullptr && table.columns[i].key.ends_with("spread") && *spread > kNoisySpread) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> noise_remarks(const std::vector<Table>& tables) {
  std::vector<std::string> remarks;
  for (const Table& table : tables) {
    const auto noisy =
        std::ranges::count_if(table.rows, [&](const auto& row) { return is_noisy(table, row); });
    if (noisy == 0) continue;
    remarks.push_back("This machine was noisy: in " + std::to_string(noisy) + " of " +
                      std::to_string(table.rows.size()) + " rows of \"" + table.key +
                      "\" the quartiles lie more than 5 % apart. Compare shares, not times.");
  }
  return remarks;
}

}  // namespace sac::bench
