// The version of what a safetensors file holds, under the key "format" of its metadata.
#pragma once

#include <cstdint>
#include <string>

#include "host/files/safetensors.h"

namespace sac::files {

/// Throws a UsageError if the file names a format newer than `newest` or older than `oldest`, or
/// none that is a number. A file without the key is taken: whoever wrote it knew of no formats.
void require_format(const SafetensorsFile& file, int newest, int oldest = 1);

/// What require_format says of a newer one, "<path>: format <format> ...", for other files too.
std::string newer_format(const std::string& path, int64_t format, int newest);

}  // namespace sac::files
