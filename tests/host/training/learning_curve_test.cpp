#include "host/training/learning_curve.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace sac::training {
namespace {

constexpr terminal::Paint kPlain{false};

/// After an evaluation in which the agents came to this.
RunRecord evaluation_of(int64_t updates, const std::vector<double>& means) {
  RunRecord record;
  record.updates = updates;
  double sum = 0;
  for (const double mean : means) {
    record.agents.emplace_back().returns = {1, mean, 0, mean, mean, 1};
    sum += mean / static_cast<double>(means.size());
  }
  record.returns = {1, sum, 0, sum, sum, 1};
  return record;
}

using Lines = std::vector<std::string>;

TEST(LearningCurve, RisesToTheThreshold) {
  LearningCurve curve;
  for (int i = 1; i <= 8; ++i) curve.add(evaluation_of(100 * i, {-100.0 * (8 - i)}));
  EXPECT_EQ(
      curve.lines(0, 24, 5, kPlain),
      (Lines{"      0┤⠉⠉  ⠉⠉  ⠉⠉  ⢉⡩⠔⠊",  //
             "       │         ⡠⠔⠊⠁   ",  //
             "       │      ⣀⠤⠊       ", "   -700┤  ⣀⠤⠒⠉          ", "        0    800 updates"}));
}

TEST(LearningCurve, WithoutAnEvaluationHasTheThresholdAlone) {
  const LearningCurve curve;
  EXPECT_TRUE(curve.empty());
  const Lines lines = curve.lines(950, 24, 4, kPlain);
  EXPECT_EQ(lines[1].substr(0, 10), "    950┤");
  EXPECT_EQ(lines[3], std::string(24, ' '));
}

TEST(LearningCurve, ShowsTheMiddleHalfOfTheAgents) {
  LearningCurve one, many;
  for (int i = 1; i <= 2; ++i) {
    one.add(evaluation_of(100 * i, {0}));
    many.add(evaluation_of(100 * i, {-9e9, -50, -50, 0, 0, 50, 50, 9e9}));
  }
  const Lines alone = one.lines(100, 40, 9, kPlain), spread = many.lines(100, 40, 9, kPlain);
  EXPECT_EQ(alone[7].substr(0, 10), "      0┤") << "the lowest";
  EXPECT_EQ(spread[7].substr(0, 10), "    -50┤") << "the quartile, not the lowest";
  EXPECT_NE(spread[6].find("⠅"), std::string::npos) << "dots below the mean";
}

TEST(LearningCurve, LabelsFindRoom) {
  for (const double value : {0.00012346, -1.23456e-5, -123456.7, 1.5e300}) {
    LearningCurve curve;
    curve.add(evaluation_of(100, {value}));
    for (const std::string& line : curve.lines(0, 24, 5, kPlain)) {
      EXPECT_EQ(terminal::width(line), 24) << line;
    }
    EXPECT_EQ(curve.lines(0, 24, 5, kPlain)[value > 0 ? 0 : 3].substr(7, 3), "┤");
  }
}

TEST(LearningCurve, LeavesOutWhatIsNotFinite) {
  LearningCurve curve;
  curve.add(evaluation_of(100, {std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_TRUE(curve.empty());
}

TEST(LearningCurve, KeepsTheWholeOfALongRun) {
  LearningCurve curve;
  for (int i = 1; i <= 100'000; ++i) curve.add(evaluation_of(i, {i < 50'000 ? 0.0 : 100.0}));
  const Lines lines = curve.lines(50, 48, 9, kPlain);
  EXPECT_EQ(terminal::width(lines[0]), 48);
  EXPECT_EQ(lines[8], "        0                           100k updates");
  EXPECT_TRUE(lines[0].ends_with("⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉")) << lines[0];
  EXPECT_NE(lines[7].find("⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀"), std::string::npos) << lines[7];
}

}  // namespace
}  // namespace sac::training
