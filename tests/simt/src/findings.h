// What the emulator found wrong: kept for tests, printed for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simt/inspect.h"
#include "simt/runtime.h"

namespace simt {

/// Where in a launch something was found.
struct Place {
  const void* kernel;
  uint3 block, thread;
};

/// Records and prints a finding, unless the same was found at this line before. The line of a call
/// by the host is not known: it is empty, and the message stands for it.
void report(Finding finding, const std::optional<Place>& place, const std::string& line,
            const std::string& message);

/// The error that a launch with such a finding returns.
cudaError_t error_of(Finding finding);

/// "file:line" of a call, by its return address; just the address without debug information.
std::string source_line(uintptr_t return_address);

/// The demangled name of the function at an address.
std::string function_name(const void* function);

/// "file:line".
std::string location(const char* file, int line);

/// "(x,y,z)".
std::string to_string(const uint3& v);

std::vector<Report> recorded_reports();
void forget_reports();

}  // namespace simt
