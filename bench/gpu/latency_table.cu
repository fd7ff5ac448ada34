#include "bench/gpu/latency.h"
#include "bench/gpu/tables.h"

namespace sac::bench {

void LatencyRows::add(const std::string& what, const std::string& which, double steps,
                      const Samples& micros) {
  const double each = 1e3 * micros.median() / steps;
  Cell cycles;
  if (cycle_ > 0) cycles = each / cycle_;
  table_.rows.push_back(
      {what, which, Cell{}, micros.values(), micros.spread(), steps, each, cycles, Cell{}});
}

void LatencyRows::add_count(const std::string& what, const std::string& which, int count) {
  std::vector<Cell> row = {what, which};
  row.resize(table_.columns.size());
  row.back() = static_cast<double>(count);
  table_.rows.push_back(std::move(row));
}

void LatencyRows::leave_out(const std::string& what, const std::string& which,
                            const std::string& why) {
  std::vector<Cell> row = {what, which, why};
  row.resize(table_.columns.size());
  table_.rows.push_back(std::move(row));
}

Table latency_table(const Stopwatch& stopwatch, bool tiny) {
  Table table{
      .key = "latency",
      .title = "Latencies: what decides how kernels are cut and launched",
      .columns = {{"what", "what", Style::text},
                  {"case", "case", Style::text},
                  {"failure", "", Style::text},
                  {"us", "samples", Style::samples},
                  {"spread", "spread", Style::percent},
                  {"steps", "steps", Style::scaled},
                  {"each_ns", "ns each", Style::plain},
                  {"cycles", "cycles", Style::plain},
                  {"count", "count", Style::whole}},
      .notes = {"A sample is so many steps one after another. Cycles: of a clock by which a "
                "dependent fma takes four."}};
  LatencyRows rows(table);
  add_memory_latencies(stopwatch, tiny, rows);
  add_cooperation_latencies(stopwatch, tiny, rows);
  return table;
}

}  // namespace sac::bench
