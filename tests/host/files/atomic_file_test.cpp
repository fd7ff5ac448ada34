#include "host/files/atomic_file.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::files {
namespace {

TEST(AtomicFile, ReplacesAndLeavesNothingBeside) {
  const TemporaryDirectory directory;
  write_file_atomically(directory / "a", "first");
  write_file_atomically(directory / "a", "second");
  EXPECT_EQ(file_content(directory / "a"), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

// A reader that has the old file open keeps the whole old file: the new one is another inode.
TEST(AtomicFile, NeverWritesIntoTheOldFile) {
  const TemporaryDirectory directory;
  write_file_atomically(directory / "a", "first");
  std::ifstream reader(directory / "a");
  write_file_atomically(directory / "a", "2");
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "first");
}

TEST(AtomicFile, RefusesWhatIsNoFile) {
  const TemporaryDirectory directory;
  expect_names(usage_error_of([&] { write_file_atomically(directory / "no/a", ""); }),
               "is not a directory");
  expect_names(usage_error_of([&] { write_file_atomically(directory.path(), ""); }),
               "not a regular file");
  expect_names(usage_error_of([&] { write_file_atomically("/dev/null", ""); }),
               "not a regular file");
}

}  // namespace
}  // namespace sac::files
