// Collects Google Benchmark's repetitions into one table: rates, their spread, and what share of
// its limit each case reached. A case's limit is measured in the same run, interleaved with it.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

#include "bench/report.h"
#include "bench/samples.h"

namespace sac::bench {

/// How a benchmark's runs are to be read; looked up by the benchmark's name.
struct TableRow {
  std::string title;       ///< what the user reads
  double units = 1;        ///< things done per iteration (updates, environment steps)
  std::string limit{};     ///< name of the benchmark that measures the limit, or empty
  double limit_units = 1;  ///< things per iteration of the limit
};

class TableReporter : public benchmark::BenchmarkReporter {
 public:
  /// Rows are printed in this order.
  void add(const std::string& name, const TableRow& row);

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  /// What was measured. Benchmarks that --benchmark_filter left out have no row.
  Table table() const;

 private:
  Samples rates(const std::string& name, double units) const;

  std::vector<std::string> order_;
  std::map<std::string, TableRow> rows_;
  std::map<std::string, std::vector<double>> seconds_;  ///< per iteration, one per repetition
};

}  // namespace sac::bench
