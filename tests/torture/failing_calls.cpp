// A library to be preloaded: the N-th call by which a program writes to files of one directory
// fails.
//
//   FAILING_UNDER   the directory
//   FAILING_NTH     which call, from 1; 0: none
//   FAILING_ERROR   errno of the failure
//   FAILING_REST    1: all later ones fail too, as on a disk that stays full
//   FAILING_HALF    1: there is room for half of the Nth, if it is a write, and the next one fails;
//                   files can be made shorter all the same
//   FAILING_COUNT   a file for the number of such calls, and the name of the one that failed
//
// Calls are those by which host/files and the standard library's streams write: open and fopen to
// write, write, writev, fsync, close, rename, mkdir, truncate. Those that take a file away succeed.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

long number(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

struct Plan {
  std::string under = std::getenv("FAILING_UNDER") == nullptr ? "" : std::getenv("FAILING_UNDER");
  long nth = number("FAILING_NTH");
  int error = static_cast<int>(number("FAILING_ERROR"));
  bool rest = number("FAILING_REST") == 1;
  bool half = number("FAILING_HALF") == 1;
  std::atomic<long> calls = 0;
  std::atomic<const char*> failed = "";

  // Not by calls of its own, which would be counted.
  ~Plan() {
    const char* file = std::getenv("FAILING_COUNT");
    if (file == nullptr) return;
    const int out =
        real<int(const char*, int, ...)>("open")(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const std::string text = std::to_string(calls) + ' ' + failed.load() + '\n';
    const auto write_all = real<ssize_t(int, const void*, size_t)>("write");
    if (out < 0 || write_all(out, text.data(), text.size()) < 0) std::abort();
  }
};

// Made when the first call needs it, which may be before this library's own start.
Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

bool is_under(const std::string& path) {
  const std::string& under = plan().under;
  return !under.empty() && path.compare(0, under.size(), under) == 0;
}

bool is_meant(const char* path) {
  if (path == nullptr) return false;
  if (path[0] == '/') return is_under(path);
  char here[4096];
  return getcwd(here, sizeof here) != nullptr && is_under(std::string(here) + '/' + path);
}

bool is_meant(int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path);
  return length > 0 && is_under(std::string(path, static_cast<size_t>(length)));
}

enum class Fate { succeeds, half, fails };

// Counts the call and, if it is to fail, sets errno.
template <class File>
Fate fate(const std::string_view name, File file) {
  const int before = errno;
  const bool meant = is_meant(file);
  errno = before;
  if (!meant) return Fate::succeeds;
  Plan& p = plan();
  const long call = ++p.calls;
  const bool is_last = call == p.nth + (p.half ? 1 : 0);
  if (p.nth == 0 || call < p.nth || (call > p.nth && !is_last && !p.rest)) return Fate::succeeds;
  if (p.half && name == "truncate") return Fate::succeeds;
  if (call == p.nth) {
    p.failed = name.data();
    if (p.half && name.starts_with("write")) return Fate::half;
  }
  errno = p.error;
  return Fate::fails;
}

template <class File>
bool fails(const char* name, File file) {
  return fate(name, file) == Fate::fails;
}

bool writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY;
}

int open_as(const char* name, const char* path, int flags, mode_t mode) {
  if (writes(flags) && fails("open", path)) return -1;
  return real<int(const char*, int, ...)>(name)(path, flags, mode);
}

FILE* fopen_as(const char* name, const char* path, const char* mode) {
  if (mode[0] != 'r' && fails("fopen", path)) return nullptr;
  return real<FILE*(const char*, const char*)>(name)(path, mode);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_as("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_as("open64", path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  return fopen_as("fopen", path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  return fopen_as("fopen64", path, mode);
}

ssize_t write(int file, const void* bytes, size_t count) {
  const Fate what = fate("write", file);
  if (what == Fate::fails) return -1;
  if (what == Fate::half) count = (count + 1) / 2;
  return real<ssize_t(int, const void*, size_t)>("write")(file, bytes, count);
}

ssize_t writev(int file, const iovec* parts, int count) {
  const Fate what = fate("writev", file);
  if (what == Fate::fails) return -1;
  if (what == Fate::half) count = (count + 1) / 2;
  return real<ssize_t(int, const iovec*, int)>("writev")(file, parts, count);
}

int fsync(int file) {
  if (fails("fsync", file)) return -1;
  return real<int(int)>("fsync")(file);
}

// It is closed all the same, as on Linux after an error.
int close(int file) {
  const bool failed = (fcntl(file, F_GETFL) & O_ACCMODE) != O_RDONLY && fails("close", file);
  const int error = errno;
  const int closed = real<int(int)>("close")(file);
  if (!failed) return closed;
  errno = error;
  return -1;
}

int rename(const char* from, const char* to) noexcept {
  if (fails("rename", to)) return -1;
  return real<int(const char*, const char*)>("rename")(from, to);
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (fails("mkdir", path)) return -1;
  return real<int(const char*, mode_t)>("mkdir")(path, mode);
}

int truncate(const char* path, off_t length) noexcept {
  if (fails("truncate", path)) return -1;
  return real<int(const char*, off_t)>("truncate")(path, length);
}

int truncate64(const char* path, off64_t length) noexcept {
  if (fails("truncate", path)) return -1;
  return real<int(const char*, off64_t)>("truncate64")(path, length);
}
}
