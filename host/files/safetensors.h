// The safetensors format: an 8-byte little-endian length, a JSON header of that many bytes with
// every tensor's dtype, shape and byte range, then the bytes. Strict both ways. Values pass through
// as doubles.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/files/atomic_file.h"

namespace sac::files {

/// Of real numbers. All can be read; f32 and f64 are written.
enum class Dtype { f32, f64, f16, bf16 };

/// One tensor to write; values are row-major.
struct NamedArray {
  std::string name;
  std::vector<size_t> shape;
  std::vector<double> values;
};

/// One tensor to write as its bytes, which may lie in several places.
struct RawTensor {
  std::string name;
  std::string dtype;  ///< "F32", "I32", "U8", ...
  std::vector<size_t> shape;
  std::vector<std::string_view> bytes;  ///< little-endian, row-major, one part after another
};

/// The header's `__metadata__`.
using Metadata = std::map<std::string, std::string>;

/// An open file. The constructor reads and checks the whole header; `read` reads one tensor.
/// Every error is a UsageError, one line that names the file and the tensor or key.
class SafetensorsFile {
 public:
  /// Refuses a truncated file, a header that is not JSON of the expected form, a name that stands
  /// twice, and byte ranges that overlap, leave holes or do not fit the shape or the file.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// The same for a file's bytes in memory; errors call them `name`.
  SafetensorsFile(const std::string& name, const std::string& bytes);

  const std::string& path() const { return path_; }
  const Metadata& metadata() const { return metadata_; }

  /// Throws if the key is missing.
  const std::string& metadata(const std::string& key) const;

  /// Is there a tensor of this name?
  bool has(const std::string& name) const { return entries_.contains(name); }

  /// Throws unless the tensor is there, in a Dtype, with this shape.
  void require(const std::string& name, const std::vector<size_t>& shape) const;

  /// Throws if the tensor is missing or holds no real numbers.
  Dtype dtype(const std::string& name) const;

  /// Throws if the tensor is missing.
  const std::vector<size_t>& shape(const std::string& name) const { return entry(name).shape; }

  /// The values of a tensor that must have this shape; throws on NaN and infinity.
  std::vector<double> read(const std::string& name, const std::vector<size_t>& shape);

  /// Throws unless the tensor is there with this shape, in this dtype, whose values have so many
  /// bytes.
  void require_raw(const std::string& name, const std::string& dtype, size_t value_bytes,
                   const std::vector<size_t>& shape) const;

  /// So many bytes of a tensor from its byte `offset` on into `to`.
  void read_raw(const std::string& name, uint64_t offset, void* to, uint64_t bytes);

  /// The size of a tensor in bytes. Throws if it is missing.
  uint64_t bytes(const std::string& name) const;
  /// The same for a tensor of yes and no, in any Dtype, BOOL or whole numbers of any size. Throws
  /// if one is neither 0 nor 1.
  std::vector<double> read_flags(const std::string& name, const std::vector<size_t>& shape);

 private:
  struct Entry {
    std::string dtype;
    std::vector<size_t> shape;
    uint64_t begin = 0, end = 0;  // bytes, from the end of the header
  };

  [[noreturn]] void fail(const std::string& what) const;
  void read_header(uint64_t file_bytes);
  void parse_header(const std::string& text);
  Entry parse_entry(const std::string& name, const nlohmann::json& json) const;
  void check_ranges(uint64_t data_bytes) const;
  const Entry& entry(const std::string& name) const;
  void require_shape(const std::string& name, const std::vector<size_t>& shape) const;
  std::string data_of(const std::string& name);

  std::string path_;
  std::unique_ptr<std::istream> in_;
  uint64_t data_start_ = 0;
  Metadata metadata_;
  std::map<std::string, Entry> entries_;
};

/// Writes all tensors with one dtype, atomically. Throws as write_file_atomically does.
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedArray>& tensors,
                       const Metadata& metadata, Dtype dtype);

/// Writes tensors of any dtypes, atomically, without a copy of their bytes. Throws as
/// write_file_atomically does.
void write_raw_safetensors(const std::filesystem::path& path, const std::vector<RawTensor>& tensors,
                           const Metadata& metadata, Durability durability);

}  // namespace sac::files
