#include "host/play/braille.h"

#include <gtest/gtest.h>

#include <regex>

namespace sac::play {
namespace {

std::string plain(const std::string& line) {
  return std::regex_replace(line, std::regex("\033\\[[0-9;]*m"), "");
}

/// Braille characters and blanks, one column each.
size_t columns(const std::string& line) {
  size_t count = 0;
  for (const char c : plain(line)) count += (c & 0xc0) != 0x80;
  return count;
}

TEST(Braille, ADiscFillsTheMiddle) {
  const Scene scene{2, 2, {{{0, 0}, {0, 0}, 0.5, Ink::pole}}};
  const std::vector<std::string> lines = braille(scene, 8, 4);  // 16 dots across, 16 down
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(plain(lines[0]), "        ");
  EXPECT_EQ(plain(lines[1]), "  ⣴⣿⣿⣦  ");
  EXPECT_EQ(plain(lines[2]), "  ⠻⣿⣿⠟  ");
  EXPECT_EQ(lines[1].substr(0, 13), "  \033[38;5;208m");
  EXPECT_TRUE(lines[1].ends_with("\033[39m  ") || lines[1].ends_with("  \033[39m"));
}

TEST(Braille, ThinLinesAreSeen) {
  const Scene scene{2, 2, {{{-1, 0}, {1, 0}, 1e-9, Ink::ground}}};
  const std::vector<std::string> lines = braille(scene, 8, 4);
  std::string all;
  for (const std::string& line : lines) all += plain(line);
  EXPECT_NE(all.find("⣀⣀⣀⣀⣀⣀⣀⣀"), std::string::npos) << all;
}

TEST(Braille, EveryLineHasItsWidthWhateverTheSize) {
  const Scene scene{3, 2, {{{-9, -9}, {9, 9}, 0.5, Ink::cart}}};
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 9}, {200, 2}, {2, 60}}) {
    const std::vector<std::string> lines = braille(scene, width, height);
    ASSERT_EQ(lines.size(), static_cast<size_t>(height));
    for (const std::string& line : lines) EXPECT_EQ(columns(line), static_cast<size_t>(width));
  }
}

}  // namespace
}  // namespace sac::play
