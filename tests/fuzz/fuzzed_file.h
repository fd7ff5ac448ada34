// What the fuzz targets share: an input as a file, and what a reader may do with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "host/base/usage_error.h"

namespace sac::fuzz {

/// A file in memory that holds the latest input. Its path does not change.
const std::filesystem::path& file_of(const uint8_t* data, size_t size);

/// A directory in which `name` is that file. Gone when the program is.
const std::filesystem::path& directory_with(const char* name);

/// Ends the program unless the message is one line and says something.
void require_one_line(const char* message);

/// Calls the reader, which may refuse its file with a UsageError of one line. Anything else that it
/// throws ends the program, which is a finding, as what the sanitizers see is.
template <class Reader>
void read(const Reader& reader) {
  try {
    reader();
  } catch (const UsageError& refused) {
    require_one_line(refused.what());
  }
}

}  // namespace sac::fuzz
