#include "host/report/metrics_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::report {
namespace {

TEST(MetricsTable, HasAColumnPerAgentAndName) {
  const TemporaryDirectory directory;
  put_file(directory / "metrics.csv",
           "agent,updates,eval_return_mean,confirm_return_mean,of_a_later_version\n"
           "0,10,-5,,1\n1,10,-6,,1\n0,20,nan,-4,1\n");
  const std::vector<Columns> agents = read_metrics(directory / "metrics.csv", 3);
  ASSERT_EQ(agents.size(), 3u);
  EXPECT_EQ(agents[0].at("updates"), (std::vector<double>{10, 20}));
  EXPECT_EQ(agents[1].at("eval_return_mean"), std::vector<double>{-6});
  EXPECT_TRUE(std::isnan(agents[0].at("eval_return_mean")[1]));
  EXPECT_TRUE(std::isnan(agents[0].at("confirm_return_mean")[0]));
  EXPECT_EQ(agents[0].at("confirm_return_mean")[1], -4);
  EXPECT_TRUE(std::isnan(agents[0].at("entropy")[0]));  // which the file lacks
  EXPECT_TRUE(agents[2].at("updates").empty());
}

TEST(MetricsTable, RefusesWhatIsNotWhole) {
  const TemporaryDirectory directory;
  const auto refused = [&](const char* content, const char* reason) {
    put_file(directory / "metrics.csv", content);
    expect_names(usage_error_of([&] { read_metrics(directory / "metrics.csv", 1); }), reason);
  };
  refused("agent,updates\n0,1\n0", "metrics.csv: line 3 is not whole");
  refused("agent,updates\n0,1\n0,2", "metrics.csv: line 3 is not whole");
  refused("agent,updates\n1,1\n", "line 2 is not whole, or of no agent");
  refused("agent,updates\nnan,1\n", "line 2 is not whole, or of no agent");
  refused("updates\n1\n", "has no column agent");
  refused("", "cannot be read: it is empty");
  expect_names(usage_error_of([&] { read_metrics(directory / "nothing.csv", 1); }),
               "nothing.csv: cannot be read: No such file");
}

}  // namespace
}  // namespace sac::report
