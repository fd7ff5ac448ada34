// What the layer found wrong: kept for tests, printed for people.
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

/// Records and prints a finding, unless the same was found at this site before. The site is
/// whatever identifies the source line: a return address, or the text of a location.
void report(Finding finding, const std::optional<Place>& place, uintptr_t site,
            const std::string& message);

/// The error that a launch with such a finding returns.
cudaError_t error_of(Finding finding);

/// "function at file:line" for a code address, as well as debug information tells.
std::string source_line(const void* code);

/// The demangled name of the function at an address.
std::string function_name(const void* function);

/// "file:line".
std::string location(const char* file, int line);

std::string to_string(const uint3& v);

std::vector<Report> recorded_reports();
void forget_reports();

}  // namespace simt
