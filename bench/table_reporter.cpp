#include "bench/table_reporter.h"

#include <ostream>

namespace sac::bench {

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

Samples TableReporter::rates(const std::string& name, double units) const {
  return Samples(seconds_.at(name)).mapped([units](double seconds) { return units / seconds; });
}

Table TableReporter::table() const {
  Table table{.key = "cpu",
              .title = "The CPU learner against the limit of its matrix products",
              .columns = {{"case", "case", Style::text},
                          {"samples_per_second", "samples", Style::samples},
                          {"per_second", "per second", Style::scaled},
                          {"lowest", "lowest", Style::scaled},
                          {"highest", "highest", Style::scaled},
                          {"spread", "spread", Style::percent},
                          {"limit", "limit", Style::scaled},
                          {"share", "share", Style::percent}}};
  for (const std::string& name : order_) {
    if (!seconds_.contains(name)) continue;
    const TableRow& row = rows_.at(name);
    const Samples r = rates(name, row.units);
    Cell limit, share;
    if (seconds_.contains(row.limit)) {
      const double most = rates(row.limit, row.limit_units).median();
      limit = most;
      share = r.median() / most;
    }
    table.rows.push_back(
        {row.title, r.values(), r.median(), r.low(), r.high(), r.spread(), limit, share});
  }
  return table;
}

}  // namespace sac::bench
