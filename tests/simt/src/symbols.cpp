// Names and lines of code addresses, by asking binutils' addr2line. Where it is missing or there is
// no debug information, an address stands for itself.
#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

#include "findings.h"

extern "C" const char __executable_start;  // set by the linker

namespace simt {
namespace {

struct Symbol {
  std::string function = "?", line = "?";
};

std::string as_hexadecimal(uintptr_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

/// addr2line takes offsets into the file that the address was loaded from.
Symbol look_up(const void* address) {
  Symbol symbol;
  Dl_info info{};
  if (dladdr(address, &info) == 0) return symbol;
  const uintptr_t offset =
      reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(info.dli_fbase);
  const bool program = info.dli_fbase == &__executable_start;
  const std::string file = program ? "/proc/" + std::to_string(getpid()) + "/exe" : info.dli_fname;
  const std::string command =
      "addr2line -f -C -e '" + file + "' " + as_hexadecimal(offset) + " 2>/dev/null";
  FILE* output = popen(command.c_str(), "r");
  if (!output) return symbol;
  for (std::string* text : {&symbol.function, &symbol.line}) {
    std::array<char, 4096> buffer{};
    if (!fgets(buffer.data(), buffer.size(), output)) break;
    *text = buffer.data();
    if (!text->empty() && text->back() == '\n') text->pop_back();
  }
  pclose(output);
  return symbol;
}

Symbol symbol_of(const void* address) {
  static std::mutex mutex;
  static std::map<const void*, Symbol> known;
  const std::lock_guard lock(mutex);
  const auto found = known.find(address);
  if (found != known.end()) return found->second;
  return known[address] = look_up(address);
}

}  // namespace

std::string source_line(const void* code) {
  // The instruction before a return address is the call.
  const std::string line = symbol_of(static_cast<const char*>(code) - 1).line;
  return line[0] == '?' ? as_hexadecimal(reinterpret_cast<uintptr_t>(code)) : line;
}

std::string function_name(const void* function) {
  const std::string name = symbol_of(function).function;
  return name[0] == '?' ? as_hexadecimal(reinterpret_cast<uintptr_t>(function)) : name;
}

}  // namespace simt
