#include "bench/table_reporter.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace sac {

void TableReporter::add(const std::string& name, const TableRow& row) {
  order_.push_back(name);
  rows_[name] = row;
}

bool TableReporter::ReportContext(const Context&) {
  GetOutputStream() << "measuring " << order_.size() << " cases, repetitions interleaved ..."
                    << std::endl;
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    seconds_[run.run_name.function_name].push_back(run.real_accumulated_time /
                                                   static_cast<double>(run.iterations));
  }
}

TableReporter::Rates TableReporter::rates(const std::string& name, double units) const {
  std::vector<double> seconds = seconds_.at(name);
  std::sort(seconds.begin(), seconds.end());
  return {units / seconds.back(), units / seconds[seconds.size() / 2], units / seconds.front()};
}

void TableReporter::Finalize() {
  std::printf("\n%-58s %11s %23s %11s %6s\n", "case", "per second", "(lowest - highest)", "limit",
              "share");
  bool noisy = false;
  for (const std::string& name : order_) {
    if (!seconds_.contains(name)) continue;  // left out by --benchmark_filter
    const TableRow& row = rows_.at(name);
    const Rates r = rates(name, row.units);
    std::printf("%-58s %11.0f %10.0f - %10.0f", row.title.c_str(), r.median, r.low, r.high);
    noisy |= r.high > 1.15 * r.low;
    if (!row.limit.empty() && seconds_.contains(row.limit)) {
      const double limit = rates(row.limit, row.limit_units).median;
      std::printf(" %11.0f %5.0f%%", limit, 100 * r.median / limit);
    }
    std::printf("\n");
  }
  if (noisy) {
    std::printf(
        "\nThis machine was noisy: some repetitions differ by more than 15%%. Compare the "
        "shares, not the rates.\n");
  }
}

}  // namespace sac
