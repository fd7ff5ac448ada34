#include "host/files/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "host/base/usage_error.h"

namespace sac::files {
namespace fs = std::filesystem;
namespace {

// Every call throws std::system_error.
class OutputFile {
 public:
  explicit OutputFile(const fs::path& path)
      : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    require(descriptor_ >= 0);
  }
  ~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      require(written >= 0);
      bytes.remove_prefix(written);
    }
  }
  void flush_to_disk() const { require(fsync(descriptor_) == 0); }
  void close() { require(::close(std::exchange(descriptor_, -1)) == 0); }

 private:
  static void require(bool succeeded) {
    if (!succeeded) throw std::system_error(errno, std::generic_category());
  }

  int descriptor_;
};

void write_parts(const fs::path& path, std::span<const std::string_view> parts,
                 Durability durability) {
  OutputFile file(path);
  for (const std::string_view part : parts) file.write(part);
  if (durability == Durability::disk) file.flush_to_disk();
  file.close();  // a full quota may be told only now
}

void require_nothing_else(const fs::path& path) {
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    throw UsageError(
        fmt::format("{}: cannot be written: it exists and is not a regular file", path.string()));
  }
}

}  // namespace

void require_writable_file(const fs::path& path) {
  std::error_code error;
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(directory, error)) {
    throw UsageError(fmt::format("{}: cannot be written: {} is not a directory", path.string(),
                                 directory.string()));
  }
  require_nothing_else(path);
  if (access(directory.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(fmt::format("{}: cannot be written: directory {} is not writable",
                                 path.string(), directory.string()));
  }
}

void write_file_atomically(const fs::path& path, std::span<const std::string_view> parts,
                           Durability durability) {
  require_nothing_else(path);
  fs::path temporary = path;
  temporary += ".tmp";
  try {
    write_parts(temporary, parts, durability);
    fs::rename(temporary, path);
  } catch (const std::system_error& error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw std::runtime_error(
        fmt::format("{}: cannot be written: {}", path.string(), error.code().message()));
  }
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  write_file_atomically(path, std::span(&content, 1));
}

void append_to_file(const fs::path& path, std::string_view text) {
  std::error_code unknown;
  const auto size = fs::file_size(path, unknown);
  std::ofstream out(path, std::ios::app | std::ios::binary);
  out << text;
  out.close();
  if (out) return;
  const std::string reason = std::strerror(errno);
  if (!unknown) fs::resize_file(path, size, unknown);
  throw std::runtime_error(fmt::format("{}: cannot be written: {}", path.string(), reason));
}

void remove_stale_temporaries(const fs::path& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    for (const char* ending : {".safetensors.tmp", ".json.tmp", ".csv.tmp"}) {
      if (name.ends_with(ending)) fs::remove(entry.path(), error);
    }
  }
}

}  // namespace sac::files
