// Whole files, written so that a reader (or a killed run) never meets half of one.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace sac::files {

/// Throws UsageError if no regular file can be put at `path`: its directory is missing or not
/// writable, or something else is there. Writes nothing.
void require_writable_file(const std::filesystem::path& path);

/// When a write is done: once the system has the bytes, which outlives this process, or once the
/// disk has them, which outlives the system and takes as long as the disk takes.
enum class Durability { process, disk };

/// Writes the parts, one after another, to `path`.tmp and renames that onto `path`. Throws
/// UsageError if `path` is something else than a regular file, and std::runtime_error "<path>:
/// cannot be written: <the system's reason>" if a call fails; what was at `path` stays then.
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::string_view> parts,
                           Durability durability = Durability::process);
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Adds all of the text to a file's end, or none of it. Throws as write_file_atomically does.
void append_to_file(const std::filesystem::path& path, std::string_view text);

/// Removes what killed writers have left in a directory: files named *.safetensors.tmp, *.json.tmp
/// and *.csv.tmp. Failures are none of the caller's business.
void remove_stale_temporaries(const std::filesystem::path& directory);

}  // namespace sac::files
