#include "host/terminal/text.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sac::terminal {
namespace {

TEST(Text, WidthIsThatOfCharacters) {
  EXPECT_EQ(width(""), 0);
  EXPECT_EQ(width("loss π ⠉"), 8);
  EXPECT_EQ(width("\033[38;5;33mblue\033[39m\033[K"), 4);
}

TEST(Text, IsFittedToItsColumns) {
  EXPECT_EQ(fitted("ab", 4), "ab  ");
  EXPECT_EQ(fitted("π±", 2), "π±");
  EXPECT_EQ(fitted("π±×", 2), "π±");
  const std::string blue = Paint{true}(Colour::blue, "blue");
  EXPECT_EQ(fitted(blue, 5), blue + " ");
  EXPECT_EQ(fitted(blue, 3), "blu");
}

TEST(Text, PaintIsLeftOutOnDemand) {
  EXPECT_EQ(Paint{true}(Colour::red, "x"), "\033[38;5;167mx\033[39m");
  EXPECT_EQ(Paint{false}(Colour::red, "x"), "x");
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(colours_wanted());
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(colours_wanted());
  unsetenv("NO_COLOR");
  EXPECT_TRUE(colours_wanted());
}

}  // namespace
}  // namespace sac::terminal
