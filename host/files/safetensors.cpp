#include "host/files/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "host/base/usage_error.h"
#include "host/files/json_text.h"
#include "kernels/bf16.h"

namespace sac::files {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors bytes are little-endian");

constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // the reference implementation's limit
constexpr const char* kMetadataKey = "__metadata__";

const char* dtype_name(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32:
      return "F32";
    case Dtype::f64:
      return "F64";
    case Dtype::f16:
      return "F16";
    case Dtype::bf16:
      return "BF16";
  }
  return "";
}

std::optional<Dtype> known_dtype(const std::string& name) {
  for (const Dtype dtype : {Dtype::f32, Dtype::f64, Dtype::f16, Dtype::bf16}) {
    if (name == dtype_name(dtype)) return dtype;
  }
  return std::nullopt;
}

struct IntegerType {
  const char* name;
  size_t bytes;
  bool has_sign;
};

constexpr IntegerType kIntegers[] = {{"BOOL", 1, false}, {"U8", 1, false},  {"I8", 1, true},
                                     {"U16", 2, false},  {"I16", 2, true},  {"U32", 4, false},
                                     {"I32", 4, true},   {"U64", 8, false}, {"I64", 8, true}};

const IntegerType* integer_type(const std::string& name) {
  const auto* type = std::ranges::find(kIntegers, name, &IntegerType::name);
  return type == std::end(kIntegers) ? nullptr : type;
}

/// Of a type that we know.
std::optional<uint64_t> bytes_per_value(const std::string& dtype) {
  if (const IntegerType* integer = integer_type(dtype)) return integer->bytes;
  const auto real = known_dtype(dtype);
  if (!real) return std::nullopt;
  return *real == Dtype::f64 ? 8 : *real == Dtype::f32 ? 4 : 2;
}

std::string shape_text(const std::vector<size_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

// Bytes that a shape takes; nothing if the product overflows.
std::optional<uint64_t> shape_bytes(const std::vector<size_t>& shape, uint64_t value_bytes) {
  uint64_t bytes = value_bytes;
  for (const size_t n : shape) {
    if (__builtin_mul_overflow(bytes, n, &bytes)) return std::nullopt;
  }
  return bytes;
}

template <class T>
std::string bytes_of(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  char* to = bytes.data();
  for (const double value : values) {
    const T narrowed = static_cast<T>(value);
    std::memcpy(to, &narrowed, sizeof(T));
    to += sizeof(T);
  }
  return bytes;
}

/// IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction.
double from_f16(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude =
      std::ldexp(exponent == 0 ? fraction : 1024 + fraction, std::max(exponent, 1) - 25);
  if (exponent == 31) magnitude = fraction == 0 ? INFINITY : NAN;
  return bits >> 15 == 0 ? magnitude : -magnitude;
}

template <class Stored, class Value>
std::vector<double> values_of(const std::string& bytes, Value value) {
  std::vector<double> values(bytes.size() / sizeof(Stored));
  for (size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = value(stored);
  }
  return values;
}

std::vector<double> real_values(const std::string& bytes, Dtype dtype) {
  switch (dtype) {
    case Dtype::f32:
      return values_of<float>(bytes, [](float x) { return x; });
    case Dtype::f64:
      return values_of<double>(bytes, [](double x) { return x; });
    case Dtype::f16:
      return values_of<uint16_t>(bytes, from_f16);
    case Dtype::bf16:
      return values_of<uint16_t>(bytes, from_bf16);
  }
  return {};
}

std::vector<double> integer_values(const std::string& bytes, const IntegerType& type) {
  std::vector<double> values(bytes.size() / type.bytes);
  for (size_t i = 0; i < values.size(); ++i) {
    uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + i * type.bytes, type.bytes);  // little-endian, as the file
    const size_t unused = 8 * (sizeof bits - type.bytes);
    values[i] = type.has_sign ? static_cast<double>(static_cast<int64_t>(bits << unused) >> unused)
                              : static_cast<double>(bits);
  }
  return values;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path.string()) {
  std::error_code error;
  const std::filesystem::file_status there = std::filesystem::status(path, error);
  if (there.type() == std::filesystem::file_type::not_found) fail("no such file");
  if (there.type() == std::filesystem::file_type::none) {
    fail("cannot be read: " + error.message());
  }
  if (!std::filesystem::is_regular_file(there)) fail("not a regular file");
  in_ = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*in_) fail("cannot be opened for reading");
  read_header(std::filesystem::file_size(path));
}

SafetensorsFile::SafetensorsFile(const std::string& name, const std::string& bytes)
    : path_(name), in_(std::make_unique<std::istringstream>(bytes)) {
  read_header(bytes.size());
}

void SafetensorsFile::read_header(uint64_t file_bytes) {
  uint64_t header_bytes = 0;
  if (file_bytes < sizeof header_bytes) fail("truncated: shorter than the 8 bytes of its length");
  in_->read(reinterpret_cast<char*>(&header_bytes), sizeof header_bytes);
  if (header_bytes > kMaxHeaderBytes) fail("not a safetensors file: its header is too long");
  data_start_ = sizeof header_bytes + header_bytes;
  if (file_bytes < data_start_) fail("truncated inside its header");
  std::string text(header_bytes, '\0');
  in_->read(text.data(), header_bytes);
  if (!*in_) fail("cannot be read");
  parse_header(text);
  check_ranges(file_bytes - data_start_);
}

void SafetensorsFile::fail(const std::string& what) const {
  throw UsageError(path_ + ": " + what);
}

void SafetensorsFile::parse_header(const std::string& text) {
  const json header = parse_json<json>(text);
  if (!header.is_object()) fail("its header is not a JSON object");
  // The parser keeps the last of two equal keys.
  if (const auto twice = look_at_json(text).twice) {
    fail(fmt::format("'{}' stands twice in its header", *twice));
  }
  for (const auto& [name, value] : header.items()) {
    if (name != kMetadataKey) {
      entries_[name] = parse_entry(name, value);
      continue;
    }
    if (!value.is_object()) fail("__metadata__ is not an object of strings");
    for (const auto& [key, text_value] : value.items()) {
      if (!text_value.is_string()) fail(fmt::format("metadata '{}' is not a string", key));
      metadata_[key] = text_value;
    }
  }
}

SafetensorsFile::Entry SafetensorsFile::parse_entry(const std::string& name,
                                                    const json& value) const {
  const auto is_sizes = [](const json& list) {
    return list.is_array() && std::all_of(list.begin(), list.end(),
                                          [](const json& n) { return n.is_number_unsigned(); });
  };
  const auto field = [&](const char* key) {
    return value.is_object() && value.contains(key) ? value[key] : json();
  };
  const json dtype = field("dtype"), shape = field("shape"), offsets = field("data_offsets");
  if (!dtype.is_string()) fail(fmt::format("tensor '{}' has no dtype", name));
  if (!is_sizes(shape)) fail(fmt::format("tensor '{}' has no valid shape", name));
  if (!is_sizes(offsets) || offsets.size() != 2) {
    fail(fmt::format("tensor '{}' has no valid data_offsets", name));
  }
  return {dtype, shape, offsets[0], offsets[1]};
}

void SafetensorsFile::check_ranges(uint64_t data_bytes) const {
  std::vector<std::pair<uint64_t, const std::string*>> order;
  for (const auto& [name, e] : entries_) {
    if (e.begin > e.end) fail(fmt::format("tensor '{}' ends before it begins", name));
    if (e.end > data_bytes) {
      fail(fmt::format("truncated: tensor '{}' ends at byte {} of {}", name, e.end, data_bytes));
    }
    const auto value_bytes = bytes_per_value(e.dtype);
    if (value_bytes && shape_bytes(e.shape, *value_bytes) != e.end - e.begin) {
      fail(fmt::format("tensor '{}' has {} bytes, which is not {} {}", name, e.end - e.begin,
                       shape_text(e.shape), e.dtype));
    }
    if (e.begin < e.end) order.emplace_back(e.begin, &name);
  }
  std::sort(order.begin(), order.end());
  uint64_t covered = 0;
  for (const auto& [begin, name] : order) {
    if (begin < covered) fail(fmt::format("tensor '{}' overlaps the one before it", *name));
    if (begin > covered) fail(fmt::format("a hole of unused bytes before tensor '{}'", *name));
    covered = entries_.at(*name).end;
  }
  if (covered != data_bytes) {
    fail(fmt::format("{} bytes at its end belong to no tensor", data_bytes - covered));
  }
}

const std::string& SafetensorsFile::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) fail(fmt::format("metadata '{}' is missing", key));
  return found->second;
}

const SafetensorsFile::Entry& SafetensorsFile::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) fail(fmt::format("tensor '{}' is missing", name));
  return found->second;
}

Dtype SafetensorsFile::dtype(const std::string& name) const {
  const std::string& found = entry(name).dtype;
  const auto dtype = known_dtype(found);
  if (!dtype) {
    fail(fmt::format("tensor '{}' has dtype {}, expected F64, F32, F16 or BF16", name, found));
  }
  return *dtype;
}

void SafetensorsFile::require(const std::string& name, const std::vector<size_t>& shape) const {
  dtype(name);
  require_shape(name, shape);
}

void SafetensorsFile::require_shape(const std::string& name,
                                    const std::vector<size_t>& shape) const {
  const Entry& e = entry(name);
  if (e.shape != shape) {
    fail(fmt::format("tensor '{}' has shape {}, expected {}", name, shape_text(e.shape),
                     shape_text(shape)));
  }
}

std::vector<double> SafetensorsFile::read(const std::string& name,
                                          const std::vector<size_t>& shape) {
  require(name, shape);
  std::vector<double> values = real_values(data_of(name), dtype(name));
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      fail(fmt::format("tensor '{}' holds {} at element {}", name, values[i], i));
    }
  }
  return values;
}

void SafetensorsFile::require_raw(const std::string& name, const std::string& dtype,
                                  size_t value_bytes, const std::vector<size_t>& shape) const {
  const Entry& e = entry(name);
  if (e.dtype != dtype) {
    fail(fmt::format("tensor '{}' has dtype {}, expected {}", name, e.dtype, dtype));
  }
  if (e.shape != shape || shape_bytes(shape, value_bytes) != e.end - e.begin) {
    fail(fmt::format("tensor '{}' has shape {} in {} bytes, expected {}", name, shape_text(e.shape),
                     e.end - e.begin, shape_text(shape)));
  }
}

void SafetensorsFile::read_raw(const std::string& name, uint64_t offset, void* to, uint64_t bytes) {
  in_->seekg(static_cast<std::streamoff>(data_start_ + entry(name).begin + offset));
  in_->read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
  if (!*in_) fail(fmt::format("tensor '{}' cannot be read", name));
}

uint64_t SafetensorsFile::bytes(const std::string& name) const {
  const Entry& e = entry(name);
  return e.end - e.begin;
}

std::vector<double> SafetensorsFile::read_flags(const std::string& name,
                                                const std::vector<size_t>& shape) {
  require_shape(name, shape);
  const IntegerType* integer = integer_type(entry(name).dtype);
  std::vector<double> values =
      integer == nullptr ? read(name, shape) : integer_values(data_of(name), *integer);
  for (const double flag : values) {
    if (flag != 0 && flag != 1) {
      fail(fmt::format("tensor '{}' holds {}, expected 0 or 1", name, flag));
    }
  }
  return values;
}

std::string SafetensorsFile::data_of(const std::string& name) {
  std::string data(bytes(name), '\0');
  read_raw(name, 0, data.data(), data.size());
  return data;
}

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedArray>& tensors,
                       const Metadata& metadata, Dtype dtype) {
  std::vector<std::string> data;
  std::vector<RawTensor> raw;
  data.reserve(tensors.size());  // the views stay good
  for (const NamedArray& tensor : tensors) {
    data.push_back(dtype == Dtype::f32 ? bytes_of<float>(tensor.values)
                                       : bytes_of<double>(tensor.values));
    raw.push_back({tensor.name, dtype_name(dtype), tensor.shape, {data.back()}});
  }
  write_raw_safetensors(path, raw, metadata, Durability::process);
}

void write_raw_safetensors(const std::filesystem::path& path, const std::vector<RawTensor>& tensors,
                           const Metadata& metadata, Durability durability) {
  json header;
  if (!metadata.empty()) header[kMetadataKey] = metadata;
  std::vector<std::string_view> parts(2);
  uint64_t end = 0;
  for (const RawTensor& tensor : tensors) {
    const uint64_t begin = end;
    for (const std::string_view part : tensor.bytes) end += part.size();
    parts.insert(parts.end(), tensor.bytes.begin(), tensor.bytes.end());
    header[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data starts on an 8-byte boundary
  const uint64_t length = text.size();
  parts[0] = {reinterpret_cast<const char*>(&length), sizeof length};
  parts[1] = text;
  write_file_atomically(path, parts, durability);
}

}  // namespace sac::files
