#include "tests/fuzz/fuzzed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace sac::fuzz {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void end(const char* why) {
  std::fprintf(stderr, "fuzz: %s\n", why);
  std::abort();
}

int memory_file() {
  static const int descriptor = memfd_create("input", 0);
  if (descriptor < 0) end("no file in memory");
  return descriptor;
}

fs::path path_of_memory_file() {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(memory_file());
}

class Directory {
 public:
  explicit Directory(const char* name) {
    std::string text = (fs::temp_directory_path() / "sac_fuzz_XXXXXX").string();
    if (mkdtemp(text.data()) == nullptr) end("no temporary directory");
    path_ = text;
    fs::create_symlink(path_of_memory_file(), path_ / name);
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

const fs::path& file_of(const uint8_t* data, size_t size) {
  const int file = memory_file();
  if (ftruncate(file, static_cast<off_t>(size)) != 0 ||
      pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) {
    end("the file in memory cannot be written");
  }
  static const fs::path path = path_of_memory_file();
  return path;
}

const fs::path& directory_with(const char* name) {
  static const Directory directory(name);
  return directory.path();
}

void require_one_line(const char* message) {
  const std::string_view text = message;
  if (text.empty()) end("an error without a message");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) end("an error of more than one line");
  }
}

}  // namespace sac::fuzz
