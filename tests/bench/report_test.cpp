#include "bench/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sac::bench {
namespace {

Table small_table() {
  return {.key = "kernels",
          .title = "Kernels",
          .columns = {{"kernel", "kernel", Style::text},
                      {"us", "samples", Style::samples},
                      {"median_us", "µs", Style::plain},
                      {"flop", "FLOP", Style::scaled},
                      {"share", "share", Style::percent},
                      {"over", "over", Style::multiple}},
          .rows = {{"gradients", std::vector<double>{1.5, 2.5}, 41.68, 604e6, 0.874, 1.416},
                   {"a \"quoted\" name\n", std::vector<double>{}, 7.0, 999.0, 0.0042, Cell{}}},
          .notes = {"A note."}};
}

TEST(Report, TextIsAlignedAndForPeople) {
  const std::string expected =
      "Kernels\n\n"
      "kernel            samples    µs   FLOP  share    over\n"
      "gradients               2  41.7  604 M   87 %  1.42 x\n";
  const Table table = small_table();
  Table first = table;
  first.rows.pop_back();
  first.columns[0].heading = "kernel          ";
  EXPECT_EQ(as_text(first), expected + "\nA note.\n");
}

TEST(Report, PeopleGetThreeDigitsAndNoExponent) {
  Table table{.key = "t", .title = "t", .columns = {{"x", "x", Style::scaled}}};
  table.rows = {{3.35e12}, {19.33e9}, {302e6}, {1500.0}, {0.5}};
  EXPECT_EQ(as_text(table), "t\n\n     x\n3.35 T\n19.3 G\n 302 M\n1.50 k\n  0.50\n");
}

TEST(Report, PeopleDoNotGetColumnsThatAreEmpty) {
  Table table{.key = "t",
              .title = "t",
              .columns = {{"x", "x", Style::plain}, {"y", "", Style::text}},
              .rows = {{1.0, Cell{}}, {2.0, Cell{}}}};
  EXPECT_EQ(as_text(table), "t\n\n   x\n1.00\n2.00\n");
  EXPECT_EQ(as_markdown("T", {.tables = {table}}),
            "# T\n\n\n## t\n\n| x |\n|--:|\n| 1.00 |\n| 2.00 |\n");
  table.rows[0][1] = "why";
  EXPECT_EQ(as_text(table), "t\n\n   x\n1.00  why\n2.00\n");
}

TEST(Report, JsonHasEverySampleAndLeavesEmptyCellsOut) {
  Report report{.machine = {{"device", "a \\ b"}}, .tables = {small_table()}, .remarks = {"noisy"}};
  report.tables[0].rows[1][2] = NAN;
  const nlohmann::json json = nlohmann::json::parse(as_json(report));
  EXPECT_EQ(json["machine"]["device"], "a \\ b");
  EXPECT_EQ(json["remarks"], nlohmann::json({"noisy"}));
  const nlohmann::json& rows = json["tables"]["kernels"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["us"], nlohmann::json({1.5, 2.5}));
  EXPECT_EQ(rows[0]["flop"], 604e6);
  EXPECT_EQ(rows[1]["kernel"], "a \"quoted\" name\n");
  EXPECT_TRUE(rows[1]["median_us"].is_null());
  EXPECT_FALSE(rows[1].contains("over"));
}

TEST(Report, EmptyPartsAreStillJson) {
  const nlohmann::json json = nlohmann::json::parse(as_json({}));
  EXPECT_TRUE(json["machine"].empty());
  EXPECT_TRUE(json["tables"].empty());
}

TEST(Report, MarkdownHasMachineRemarksAndTables) {
  Report report{.machine = {{"device", "X"}}, .tables = {small_table()}, .remarks = {"noisy"}};
  report.tables[0].rows.pop_back();
  EXPECT_EQ(as_markdown("Title", report),
            "# Title\n\n- device: X\n\n**noisy**\n\n## Kernels\n\n"
            "| kernel | samples | µs | FLOP | share | over |\n|---|--:|--:|--:|--:|--:|\n"
            "| gradients | 2 | 41.7 | 604 M | 87 % | 1.42 x |\n\nA note.\n");
}

}  // namespace
}  // namespace sac::bench
