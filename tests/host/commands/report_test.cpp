// sac_cuda report.
#include <fstream>

#include "tests/host/commands/command_line_fixture.h"
#include "tests/support/browser.h"

namespace sac::commands {
namespace {

namespace fs = std::filesystem;

TEST_F(CommandLine, ReportWritesOnePage) {
  output_of(small_run({"--updates", "100", "--agents", "2", "--quiet"}));
  const std::string said = output_of({"report", "run", "--out", "report.html"});
  expect_names(said, "report.html: 1 run, ");
  const std::string page = file_content(directory_ / "report.html");
  expect_names(page, "\"file\":\"run/best");
  expect_names(page, "\"value\":[");
  EXPECT_LT(page.size(), 300'000u);
  EXPECT_EQ(output_of({"report", "run", "--out", "report.html"}), said);  // again
}

TEST_F(CommandLine, ReportTakesNamesForText) {
  output_of(small_run({"--updates", "100", "--quiet", "--out", "</script><img>"}));
  output_of({"report", "</script><img>", "--out", "report.html"});
  const std::string page = file_content(directory_ / "report.html");
  expect_names(page, "\\u003c/script>\\u003cimg>");
  EXPECT_EQ(page.find("<img>"), std::string::npos);
}

TEST_F(CommandLine, ReportDrawsItselfWithoutAnError) {
  if (!has_browser()) GTEST_SKIP() << kBrowser << " is not there";
  output_of(small_run({"--updates", "100", "--agents", "2", "--quiet", "--out", "<img>"}));
  output_of({"report", "<img>", "--out", "report.html"});
  for (const int width : {500, 900, 1600}) {
    const std::string drawn = drawn_page(directory_.path(), "report.html", width);
    EXPECT_EQ(drawn.find("<img>"), std::string::npos);
    for (const char* part : {"class=\"mean\"", "class=\"orbit\"", "class=\"pole\"",
                             "data:image/png", "&lt;img&gt;", "1 run, 2 agents"}) {
      EXPECT_NE(drawn.find(part), std::string::npos) << part;
    }
  }
}

TEST_F(CommandLine, ReportRefusesInOneLine) {
  const Arguments report{"report", "run", "--out", "report.html"};
  output_of(small_run({"--updates", "100", "--quiet"}));
  expect_names(error_of({"report", "run"}), "--out is required");
  expect_names(error_of({"report", "--out", "report.html"}), "runs is required");
  expect_names(error_of({"report", "nowhere", "--out", "report.html"}),
               "nowhere: expected a run directory");
  expect_names(error_of({"report", "run", "--out", "nowhere/report.html"}), "nowhere");
  expect_names(error_of({"report", "run", "--out", "run/summary.json"}),
               "--out run/summary.json: expected a name that ends in .html");
  fs::create_directory(directory_ / "folder.html");
  expect_names(error_of({"report", "run", "--out", "folder.html"}), "folder.html");

  std::ofstream metrics(directory_ / "run/metrics.csv", std::ios::app);
  metrics << "0,6400,999999" << std::string(24, ',') << std::endl;
  expect_names(error_of(report), "run: the run goes on: metrics.csv is ahead of summary.json");
  metrics << "0,1" << std::flush;
  expect_names(error_of(report), "run/metrics.csv: line 5 is not whole");
  for (const char* policy : {"best.safetensors", "checkpoint.safetensors"}) {
    fs::remove(directory_ / "run" / policy);
  }
  expect_names(error_of(report), "run: holds no policy");
  const std::string config = file_content(directory_ / "run/config.json");
  put_file(directory_ / "run/config.json", R"({"format": 99, "env": "Pendulum-v1"})");
  expect_names(error_of(report), "99");
  put_file(directory_ / "run/config.json", config);
  fs::remove(directory_ / "run/summary.json");
  expect_names(error_of(report), "run: the run has not ended yet");
}

}  // namespace
}  // namespace sac::commands
