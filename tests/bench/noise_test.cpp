#include "bench/noise.h"

#include <gtest/gtest.h>

namespace sac::bench {
namespace {

Table with_spreads(double first, double second) {
  return {.key = "kernels",
          .title = "",
          .columns = {{"us", "us", Style::plain},
                      {"hot_spread", "spread", Style::percent},
                      {"spread", "spread", Style::percent}},
          .rows = {{9.0, first, 0.0}, {9.0, Cell{}, second}}};
}

TEST(Noise, IsRemarkedByTableWithTheRowsCounted) {
  const std::vector<std::string> one = noise_remarks({with_spreads(0.06, 0.01)});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_TRUE(one[0].find("1 of 2 rows of \"kernels\"") != std::string::npos) << one[0];
  EXPECT_TRUE(noise_remarks({with_spreads(0.06, 0.07)})[0].find("2 of 2") != std::string::npos);
}

TEST(Noise, AQuietMachineGetsNoRemark) {
  EXPECT_TRUE(noise_remarks({with_spreads(0.05, 0.05)}).empty());
}

}  // namespace
}  // namespace sac::bench
