#include "host/files/atomic_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "host/base/usage_error.h"

namespace sac::files {
namespace fs = std::filesystem;

void require_writable_file(const fs::path& path) {
  std::error_code error;
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(directory, error)) {
    throw UsageError(fmt::format("{}: cannot be written: {} is not a directory", path.string(),
                                 directory.string()));
  }
  const fs::file_status there = fs::status(path, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    throw UsageError(
        fmt::format("{}: cannot be written: it exists and is not a regular file", path.string()));
  }
  if (access(directory.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(fmt::format("{}: cannot be written: directory {} is not writable",
                                 path.string(), directory.string()));
  }
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  require_writable_file(path);
  fs::path temporary = path;
  temporary += ".tmp";
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  out.write(content.data(), content.size());
  out.close();
  const int failure = errno;  // of the first call that failed: the stream makes none after that
  std::error_code error;
  if (out) fs::rename(temporary, path, error);
  if (!out || error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path.string(),
                                         error ? error.message() : std::strerror(failure)));
  }
}

}  // namespace sac::files
