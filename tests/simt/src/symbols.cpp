// Names and lines of code addresses, by asking binutils' addr2line. Where it is missing or there is
// no debug information, an address stands for itself.
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "findings.h"

namespace simt {
namespace {

/// A function and a place in it: the innermost first where functions are inlined into others.
struct Frame {
  std::string function, line;
};

std::string as_hexadecimal(uintptr_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

std::string without_end_of_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// Frames at an address, as addr2line tells; none if it cannot.
std::vector<Frame> look_up(const void* address) {
  std::vector<Frame> frames;
  Dl_info info{};
  void* object = nullptr;
  if (dladdr1(address, &info, &object, RTLD_DL_LINKMAP) == 0) return frames;
  const bool program = static_cast<const link_map*>(object)->l_name[0] == '\0';
  const std::string file = program ? "/proc/" + std::to_string(getpid()) + "/exe" : info.dli_fname;
  const uintptr_t offset =
      reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(info.dli_fbase);
  const std::string command =
      "addr2line -f -C -i -e '" + file + "' " + as_hexadecimal(offset) + " 2>/dev/null";
  FILE* output = popen(command.c_str(), "r");
  if (!output) return frames;
  std::array<char, 4096> function{}, line{};
  while (fgets(function.data(), function.size(), output) &&
         fgets(line.data(), line.size(), output)) {
    if (function[0] == '?' || line[0] == '?') continue;
    const std::string whole = without_end_of_line(line.data());
    frames.push_back({without_end_of_line(function.data()), whole.substr(0, whole.find(" ("))});
  }
  pclose(output);
  return frames;
}

const std::vector<Frame>& frames_at(const void* address) {
  static std::mutex mutex;
  static std::map<const void*, std::vector<Frame>> known;
  const std::lock_guard lock(mutex);
  const auto [found, is_new] = known.try_emplace(address);
  if (is_new) found->second = look_up(address);
  return found->second;
}

bool of_the_layer(const Frame& frame) {
  return frame.line.find("/include/simt/") != std::string::npos;
}

}  // namespace

std::string source_line(uintptr_t return_address) {
  // The instruction before a return address is the call.
  const std::vector<Frame>& frames = frames_at(reinterpret_cast<const void*>(return_address - 1));
  const auto users = std::find_if_not(frames.begin(), frames.end(), of_the_layer);
  return users == frames.end() ? as_hexadecimal(return_address) : users->line;
}

std::string function_name(const void* function) {
  const std::vector<Frame>& frames = frames_at(function);
  return frames.empty() ? as_hexadecimal(reinterpret_cast<uintptr_t>(function))
                        : frames.back().function;
}

}  // namespace simt
