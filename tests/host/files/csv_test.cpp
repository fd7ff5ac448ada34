#include "host/files/csv.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "host/base/usage_error.h"
#include "tests/support/golden_trajectory.h"

namespace sac::files {
namespace {

using Cells = std::vector<std::string>;

TEST(CommaSeparated, OneCellMoreThanCommas) {
  EXPECT_EQ(comma_separated("a,b,c"), (Cells{"a", "b", "c"}));
  EXPECT_EQ(comma_separated("a,,"), (Cells{"a", "", ""}));
  EXPECT_EQ(comma_separated(","), (Cells{"", ""}));
  EXPECT_EQ(comma_separated(""), (Cells{""}));
}

TEST(CommaSeparated, StripsMargins) {
  EXPECT_EQ(comma_separated(" a ,\tb c,\"d\"\r"), (Cells{"a", "b c", "d"}));
  EXPECT_EQ(comma_separated(" \r"), (Cells{""}));
}

/// A file that lives as long as the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path(testing::TempDir() + "actions." + std::to_string(getpid()) + ".csv") {
    std::ofstream(path, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string path;
};

std::vector<double> actions_of(const std::string& content) {
  return read_actions(TemporaryFile(content).path);
}

/// The message with which a file is refused.
std::string refusal(const std::string& content) {
  try {
    actions_of(content);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

using Actions = std::vector<double>;

TEST(ActionFile, ReadsTheColumn) {
  EXPECT_EQ(actions_of("action\n1\n-0.25\n"), (Actions{1, -0.25}));
  EXPECT_EQ(actions_of("t,action,note\n0,1,a\n1,-0.25,\n"), (Actions{1, -0.25}));
  EXPECT_EQ(actions_of("action\n1\n2"), (Actions{1, 2}));
  EXPECT_EQ(actions_of("action\n"), Actions{});
}

TEST(ActionFile, ForgivesWhatProgramsWrite) {
  EXPECT_EQ(actions_of("t,action\r\n0,1\r\n\r\n1,2\r\n"), (Actions{1, 2}));
  EXPECT_EQ(actions_of("\xEF\xBB\xBF"
                       "action\n1\n"),
            Actions{1});
  EXPECT_EQ(actions_of("\n\"action\"\n  1 \n \n"), Actions{1});
}

TEST(ActionFile, EmptyCellsEndTheColumn) {
  EXPECT_EQ(actions_of("t,action\n0,1\n1,\n2,\n"), Actions{1});
  EXPECT_NE(refusal("t,action\n0,1\n1,\n2,3\n").find("line 4"), std::string::npos);
}

TEST(ActionFile, NamesTheLineOfABadAction) {
  EXPECT_NE(refusal("action\n1\n\nleft\n").find("line 4: action left: expected"),
            std::string::npos);
  EXPECT_NE(refusal("action\nnan\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("action\n1\ninf\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusal("t,action\n0,1\n7\n").find("line 3"), std::string::npos);
}

TEST(ActionFile, RefusesAFileWithoutTheColumnAndSaysWhatItFound) {
  for (const char* content : {"", "\n\n", "1\n2\n", "actions\n1\n", "t;action\n0;1\n"}) {
    EXPECT_NE(refusal(content).find("no column 'action'"), std::string::npos) << content;
  }
  EXPECT_NE(refusal("t;action\n0;1\n").find("in the header t;action:"), std::string::npos);
  EXPECT_NE(refusal("t, act ,x\n0,1,2\n").find("in the header t,act,x:"), std::string::npos);
  EXPECT_NE(refusal("").find("the file is empty"), std::string::npos);
}

TEST(ActionFile, RefusesADoubledColumn) {
  EXPECT_NE(refusal("action,t,action\n1,0,2\n").find("2 columns 'action' in the header action,t,"),
            std::string::npos);
}

// A decimal comma, for one, is not taken for the end of a number.
TEST(ActionFile, RefusesLinesOfAnotherLengthThanTheHeader) {
  EXPECT_NE(
      refusal("action\n0,5\n").find("line 2 has 2 cells: expected 1, as in the header action"),
      std::string::npos);
  EXPECT_NE(refusal("action,t\n1,0\n2\n").find("line 3 has 1 cells: expected 2"),
            std::string::npos);
}

TEST(ActionFile, RefusesWhatItCannotRead) {
  for (const std::string& path : {std::string("/no/such/file.csv"), testing::TempDir()}) {
    try {
      read_actions(path);
      ADD_FAILURE() << path;
    } catch (const UsageError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path + ": cannot be read: "))
          << error.what();
    }
  }
}

TEST(ActionFile, ReadsGoldenTrajectories) {
  const GoldenTrajectory golden("pendulum_v1.csv");
  const Actions actions = read_actions(GoldenTrajectory::path("pendulum_v1.csv"));
  ASSERT_EQ(actions.size(), golden.steps());
  for (size_t t = 0; t < actions.size(); ++t) EXPECT_EQ(actions[t], golden.at(t, "action"));
}

}  // namespace
}  // namespace sac::files
