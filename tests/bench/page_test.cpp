#include "bench/page.h"

#include <gtest/gtest.h>

#include <string>

namespace sac::bench {
namespace {

Report small_report() {
  const Table table{.key = "kernels",
                    .title = "Kernels <of a device>",
                    .columns = {{"kernel", "kernel", Style::text},
                                {"median_us", "µs", Style::plain},
                                {"spread", "spread", Style::percent},
                                {"cold_share", "share", Style::percent},
                                {"failure", "", Style::text}},
                    .rows = {{"gradients & \"update\"", 41.68, 0.02, 0.5, Cell{}},
                             {"rollout", 7.0, 0.01, 1.25, Cell{}},
                             {"evaluation", 1.0, Cell{}, Cell{}, Cell{}}},
                    .notes = {"A note."}};
  return {.machine = {{"device", "<script>"}}, .tables = {table}, .remarks = {"It was noisy."}};
}

bool has(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(Page, HasWhatTheTableHas) {
  const std::string page = as_html("A title", small_report());
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  for (const char* part :
       {"<title>A title</title>", "<h1>A title</h1>", "<p class=\"remark\">It was noisy.</p>",
        "<th>kernel</th><th class=\"number\">µs</th><th class=\"number\">spread</th>"
        "<th>share</th></tr>",
        "<td class=\"number\" data-name=\"µs\">41.7</td>",
        "<td class=\"number\" data-name=\"spread\">2.0 %</td>", "<p class=\"note\">A note.</p>"}) {
    EXPECT_TRUE(has(page, part)) << part;
  }
}

// The bars of a column have one scale: here up to 125 %.
TEST(Page, BarsReachTheirMarkAtTheLimit) {
  const std::string page = as_html("A title", small_report());
  EXPECT_TRUE(has(
      page, "<i style=\"width:40.0%\"></i><b style=\"left:80.0%\"></b></span><span>50 %</span>"));
  EXPECT_TRUE(has(
      page, "<i style=\"width:100.0%\"></i><b style=\"left:80.0%\"></b></span><span>125 %</span>"));
  Report within = small_report();
  within.tables[0].rows.erase(within.tables[0].rows.begin() + 1);
  EXPECT_TRUE(
      has(as_html("A title", within),
          "<i style=\"width:50.0%\"></i><b style=\"left:100.0%\"></b></span><span>50 %</span>"));
}

TEST(Page, TextIsNeverMarkup) {
  const std::string page = as_html("a < b", small_report());
  EXPECT_TRUE(has(page, "<title>a &lt; b</title>"));
  EXPECT_TRUE(has(page, "<h2>Kernels &lt;of a device&gt;</h2>"));
  EXPECT_TRUE(has(page, "gradients &amp; &quot;update&quot;"));
  EXPECT_FALSE(has(page, "<script"));
}

TEST(Page, AsksNothingOfTheNetwork) {
  const std::string page = as_html("A title", small_report());
  EXPECT_TRUE(has(page, "default-src 'none'"));
  for (const char* part : {"http:", "https:", "src=", "@import", "url("}) {
    EXPECT_FALSE(has(page, part)) << part;
  }
}

TEST(Page, HasTheStyleOfTheReport) {
  const std::string page = as_html("A title", small_report());
  EXPECT_TRUE(has(page, "prefers-color-scheme: dark"));
  EXPECT_TRUE(has(page, "@media print"));
  EXPECT_TRUE(has(page, "width=device-width"));
}

}  // namespace
}  // namespace sac::bench
