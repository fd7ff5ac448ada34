#include "host/files/atomic_file.h"

#include <gtest/gtest.h>

#include "tests/support/file_size_limit.h"
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
  expect_names(usage_error_of([&] { write_file_atomically(directory.path(), ""); }),
               "not a regular file");
  expect_names(usage_error_of([&] { write_file_atomically("/dev/null", ""); }),
               "not a regular file");
}

// The system's reason, and the old file as it was.
TEST(AtomicFile, AFailedWriteLeavesTheOldFile) {
  const TemporaryDirectory directory;
  const auto error_of = [](const std::filesystem::path& path) {
    try {
      write_file_atomically(path, std::string(100'000, 'x'));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(error_of(directory / "no/a"),
            (directory / "no/a").string() + ": cannot be written: No such file or directory");
  write_file_atomically(directory / "a", "old");
  {
    const FileSizeLimit limit(50'000);
    EXPECT_EQ(error_of(directory / "a"),
              (directory / "a").string() + ": cannot be written: File too large");
  }
  EXPECT_EQ(file_content(directory / "a"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(AtomicFile, WritesPartsOneAfterAnother) {
  const TemporaryDirectory directory;
  const std::string_view parts[] = {"one ", "", "two"};
  write_file_atomically(directory / "a", parts, Durability::disk);
  EXPECT_EQ(file_content(directory / "a"), "one two");
}

TEST(AtomicFile, RemovesWhatKilledWritersLeft) {
  const TemporaryDirectory directory;
  for (const char* name : {"a.safetensors.tmp", "b.json.tmp", "c.csv.tmp", "mine.tmp", "d.json"}) {
    put_file(directory / name, "");
  }
  remove_stale_temporaries(directory.path());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 2);
  EXPECT_TRUE(std::filesystem::exists(directory / "mine.tmp"));
  remove_stale_temporaries(directory / "none");
}

}  // namespace
}  // namespace sac::files
