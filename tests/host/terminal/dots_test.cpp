#include "host/terminal/dots.h"

#include <gtest/gtest.h>

#include <array>

namespace sac::terminal {
namespace {

constexpr std::array kColours{0, 33, 208};

using Rows = std::vector<std::string>;

TEST(Dots, EightToACharacter) {
  Dots dots(2, 1);
  EXPECT_EQ(dots.width(), 4);
  EXPECT_EQ(dots.height(), 4);
  for (int y = 0; y < 4; ++y) dots.set(y % 2, y, 1);
  EXPECT_EQ(dots.rows({}), Rows{"⢕ "});
}

TEST(Dots, OutsideIsLeftOut) {
  Dots dots(1, 1);
  for (const auto& [x, y] : {std::pair{-1, 0}, {0, -1}, {2, 0}, {0, 4}}) dots.set(x, y, 1);
  EXPECT_EQ(dots.rows(kColours), Rows{" "});
}

TEST(Dots, ALineEndsWhereItShould) {
  Dots dots(2, 1);
  dots.line(0, 3, 3, 0, 1);
  EXPECT_EQ(dots.rows({}), Rows{"⡠⠊"});
  dots.line(0, 0, 0, 0, 1);
  EXPECT_EQ(dots.rows({}), Rows{"⡡⠊"});
}

TEST(Dots, TheHighestLayerColoursACharacter) {
  Dots dots(3, 1);
  dots.set(0, 0, 2);
  dots.set(1, 0, 1);
  dots.set(2, 0, 2);
  dots.set(4, 0, 1);
  EXPECT_EQ(dots.rows(kColours), Rows{"\033[38;5;208m⠉⠁\033[38;5;33m⠁\033[39m"});
}

}  // namespace
}  // namespace sac::terminal
