// sac_cuda compare.
#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

TEST_F(CommandLine, CompareTellsWhatRunsCameTo) {
  for (const char* hidden : {"8", "16"}) {
    output_of({"train", "--env", "Pendulum-v1", "--hidden", hidden, "--agents", "2", "--device",
               "cpu", "--threads", "1", "--quiet", "--target-return", "-1700", "--out", hidden});
  }
  const std::string table = output_of({"compare", "8", "16"});
  expect_names(table, "Pendulum-v1\n  hidden 8");
  expect_names(table, "2 of 2 (100 %)");
  const json both = json::parse(output_of({"compare", "8", "16", "--json"}));
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0]["probability_of_improvement"], 0.5);
  EXPECT_EQ(both[1]["name"], "hidden 16");
  EXPECT_EQ(both[1]["solved"], 2);
  EXPECT_EQ(both[1]["runs"], json::array({"16"}));
}

TEST_F(CommandLine, CompareRefusesWhatIsNoFinishedRun) {
  expect_names(error_of({"compare", "nowhere"}), "nowhere: expected a run directory");
  expect_names(error_of({"compare"}), "runs is required");
}

}  // namespace
}  // namespace sac::commands
