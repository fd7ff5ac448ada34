// Every file and folder that a Markdown page names exists: relative links, paths from the root of
// the repository, and names of source files.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sac {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SAC_SOURCE;
const std::vector<std::string> kFolders = {"bench",   "cmake",  "docs",    "examples", "host",
                                           "kernels", "python", "scripts", "tests"};

/// All files of the repository, relative to its root.
std::set<std::string> files_of_the_repository() {
  std::set<std::string> files = {"README.md", "CHANGELOG.md"};
  for (const std::string& folder : kFolders) {
    for (const fs::directory_entry& e : fs::recursive_directory_iterator(kRoot / folder)) {
      if (e.is_regular_file()) files.insert(fs::relative(e.path(), kRoot).string());
    }
  }
  return files;
}

std::string text_of(const std::string& file) {
  std::ifstream in(kRoot / file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The first group of every match.
std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) {
    found.push_back((*i)[1]);
  }
  return found;
}

class Links : public testing::Test {
 protected:
  void expect(bool exists, const std::string& page, const std::string& name) {
    ++checked_;
    EXPECT_TRUE(exists) << page << " names " << name << ", which does not exist";
  }

  std::vector<std::string> pages() const {
    std::vector<std::string> pages;
    std::ranges::copy_if(files_, std::back_inserter(pages),
                         [](const std::string& f) { return f.ends_with(".md"); });
    return pages;
  }

  const std::set<std::string> files_ = files_of_the_repository();
  int checked_ = 0;
};

TEST_F(Links, RelativeTargetsExist) {
  for (const std::string& page : pages()) {
    for (std::string target : matches(text_of(page), R"(\]\(([^)#]+)(?:#[^)]*)?\))")) {
      if (target.find("://") != std::string::npos) continue;
      expect(fs::exists((kRoot / page).parent_path() / target), page, target);
    }
  }
  EXPECT_GE(checked_, 5);
}

TEST_F(Links, PathsFromTheRootExist) {
  for (const std::string& page : pages()) {
    for (const std::string& folder : kFolders) {
      for (std::string path : matches(
               text_of(page), "[^A-Za-z0-9_/.-](" + folder + "/[A-Za-z0-9_./-]*[A-Za-z0-9_])")) {
        expect(fs::exists(kRoot / path), page, path);
      }
    }
  }
  EXPECT_GE(checked_, 50);
}

// `gradients.cu` or `mlp/forward.cuh`: the end of some file's path.
TEST_F(Links, NamedSourceFilesExist) {
  for (const std::string& page : pages()) {
    for (const std::string& name :
         matches(text_of(page), R"(`([A-Za-z0-9_./-]+\.(?:h|cuh|cu|cpp|py|sh|md))`)")) {
      const bool exists = std::ranges::any_of(
          files_, [&](const std::string& f) { return ("/" + f).ends_with("/" + name); });
      expect(exists, page, name);
    }
  }
  EXPECT_GE(checked_, 50);
}

// `kernels/sac/targets.h`: `q_target`, and whatever follows it with "and".
TEST_F(Links, NamedFunctionsAreInTheirFiles) {
  for (const std::string& page : pages()) {
    const std::string text = text_of(page);
    const std::regex pattern(R"(`([a-z_/]+\.(?:h|cuh|cu|cpp))`: `([a-z_]+)`(?: and `([a-z_]+)`)?)");
    for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i) {
      const std::string file = (*i)[1];
      const std::string source = text_of(file);
      for (const std::string& name : {(*i)[2].str(), (*i)[3].str()}) {
        const bool exists = source.find(name + "(") != std::string::npos;
        if (!name.empty()) expect(exists, page, file + ": " + name);
      }
    }
  }
  EXPECT_GE(checked_, 10);
}

}  // namespace
}  // namespace sac
