// Whole files, written so that a reader (or a killed run) never meets half of one.
#pragma once

#include <filesystem>
#include <string_view>

namespace sac::files {

/// Throws UsageError if no regular file can be put at `path`: its directory is missing or not
/// writable, or something else is there. Writes nothing.
void require_writable_file(const std::filesystem::path& path);

/// Writes a temporary file beside `path` and renames it onto `path`. Throws as
/// require_writable_file does, and std::runtime_error with
/// the system's reason if the write fails.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace sac::files
