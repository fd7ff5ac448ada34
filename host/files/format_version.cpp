#include "host/files/format_version.h"

#include <fmt/format.h>

#include <limits>

#include "host/base/parse_number.h"
#include "host/base/usage_error.h"

namespace sac::files {

void require_format(const SafetensorsFile& file, int newest, int oldest) {
  const auto found = file.metadata().find("format");
  if (found == file.metadata().end()) return;
  const int format = parse_number<int>(file.path() + ": metadata format", found->second,
                                       {1, std::numeric_limits<int>::max()});
  if (format > newest) throw UsageError(newer_format(file.path(), format, newest));
  if (format < oldest) {
    throw UsageError(
        fmt::format("{}: format {}, written by an older sac_cuda; this one ({}) reads from {} on",
                    file.path(), format, SAC_VERSION, oldest));
  }
}

std::string newer_format(const std::string& path, int64_t format, int newest) {
  return fmt::format("{}: format {}, written by a newer sac_cuda; this one ({}) reads up to {}",
                     path, format, SAC_VERSION, newest);
}

}  // namespace sac::files
