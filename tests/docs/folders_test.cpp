// The README says that data flow one way: no folder of host/ and kernels/ reaches itself through the
// includes of its files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace sac {
namespace {

namespace fs = std::filesystem;

using Folders = std::map<std::string, std::set<std::string>>;

std::string folder_of(const std::string& file) {
  return fs::path(file).parent_path().string();
}

/// From each folder to those that its files include.
Folders included_folders(const fs::path& root) {
  const std::regex include("^#include \"((host|kernels)/[^\"]+)\"");
  Folders folders;
  for (const char* top : {"host", "kernels"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_regular_file()) continue;
      const std::string folder = folder_of(fs::relative(entry.path(), root).string());
      std::ifstream file(entry.path());
      std::smatch match;
      for (std::string line; std::getline(file, line);) {
        if (!std::regex_search(line, match, include)) continue;
        const std::string other = folder_of(match[1]);
        if (other != folder) folders[folder].insert(other);
      }
    }
  }
  return folders;
}

/// All folders that are reached from one.
std::set<std::string> reached_from(const Folders& folders, const std::string& folder) {
  std::set<std::string> reached, open{folder};
  while (!open.empty()) {
    const std::string next = open.extract(open.begin()).value();
    const auto found = folders.find(next);
    if (found == folders.end()) continue;
    for (const std::string& other : found->second) {
      if (reached.insert(other).second) open.insert(other);
    }
  }
  return reached;
}

TEST(Folders, IncludeOneAnotherInOneDirection) {
  const Folders folders = included_folders(SAC_SOURCE);
  ASSERT_TRUE(folders.at("host/cpu").contains("kernels/sac"));  // the files were found
  for (const auto& [folder, others] : folders) {
    EXPECT_FALSE(reached_from(folders, folder).contains(folder)) << folder;
  }
}

TEST(Folders, ACircleIsSeen) {
  const Folders folders = {{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}};
  EXPECT_TRUE(reached_from(folders, "a").contains("a"));
}

}  // namespace
}  // namespace sac
