// A report's page as a browser draws it. The set-up brings no browser, some 300 MB, for this alone:
// where there is none the tests skip, and ctest lists them as such.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/program.h"

namespace sac {

inline constexpr const char* kBrowser = "/usr/bin/chromium";

inline bool has_browser() {
  return std::filesystem::exists(kBrowser);
}

/// What is on the page, a file in `directory`, once its scripts have run in a window so wide.
/// Expects them to say nothing on the console.
inline std::string drawn_page(const std::filesystem::path& directory, const std::string& page,
                              int width) {
  Program browser(kBrowser, directory,
                  {"--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                   "--v=0", "--virtual-time-budget=3000", "--dump-dom",
                   "--user-data-dir=" + (directory / "browser").string(),
                   "--window-size=" + std::to_string(width) + ",2000",
                   "file://" + (directory / page).string()});
  EXPECT_EQ(browser.wait(), 0);
  EXPECT_EQ(browser.err().find("CONSOLE"), std::string::npos) << browser.err();
  return browser.out();
}

}  // namespace sac
