#include "host/files/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::files {
namespace {

std::string with_length(const std::string& header, uint64_t length) {
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header;
}

// A file with this header and so many zero bytes.
class Safetensors : public testing::Test {
 protected:
  std::string error_of(const std::string& header, size_t data_bytes) {
    return error_of_file(with_length(header, header.size()) + std::string(data_bytes, '\0'));
  }

  std::string error_of_file(const std::string& content) {
    put_file(path_, content);
    const std::string message = usage_error_of([&] { SafetensorsFile file(path_); });
    expect_names(message, path_.string());
    return message;
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / "x.safetensors";
};

TEST_F(Safetensors, KeepsWhatWasWritten) {
  const std::vector<double> values{1, -2.5, 1e-30, 3, 4, 5};
  write_safetensors(path_, {{"b", {2, 3}, values}, {"a", {1}, {7}}, {"empty", {0, 4}, {}}},
                    {{"key", "value \"quoted\""}}, Dtype::f64);
  SafetensorsFile file(path_);
  EXPECT_EQ(file.read("b", {2, 3}), values);
  EXPECT_EQ(file.read("a", {1}), std::vector<double>{7});
  EXPECT_EQ(file.read("empty", {0, 4}), std::vector<double>{});
  EXPECT_EQ(file.metadata("key"), "value \"quoted\"");
  EXPECT_EQ(file.dtype("b"), Dtype::f64);
}

TEST_F(Safetensors, ReadsBytesInMemoryAsIfTheyWereAFile) {
  const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string bytes = with_length(header, header.size()) + std::string(8, '\0');
  SafetensorsFile file("a step", bytes);
  EXPECT_EQ(file.read("a", {2}), (std::vector<double>{0, 0}));
  EXPECT_EQ(usage_error_of([&] { file.read("b", {2}); }), "a step: tensor 'b' is missing");
  expect_names(usage_error_of([&] { SafetensorsFile("a step", bytes.substr(0, 20)); }),
               "a step: truncated inside its header");
}

TEST_F(Safetensors, F32HoldsFloats) {
  write_safetensors(path_, {{"a", {2}, {0.1, 3}}}, {}, Dtype::f32);
  SafetensorsFile file(path_);
  EXPECT_EQ(file.read("a", {2}), (std::vector<double>{static_cast<double>(0.1f), 3}));
  EXPECT_EQ(file.dtype("a"), Dtype::f32);
}

// The format from outside: a file put together by hand, byte by byte.
TEST_F(Safetensors, ReadsTheFormat) {
  const std::string header =
      R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}})";
  const float values[] = {1.5f, -2.0f};
  std::string data(sizeof values, '\0');
  std::memcpy(data.data(), values, sizeof values);
  put_file(path_, with_length(header, header.size()) + data);
  SafetensorsFile file(path_);
  EXPECT_EQ(file.read("x", {2}), (std::vector<double>{1.5, -2.0}));
  EXPECT_EQ(file.metadata("k"), "v");
}

TEST_F(Safetensors, WritesTheFormat) {
  write_safetensors(path_, {{"x", {2}, {1.5, -2}}}, {{"k", "v"}}, Dtype::f32);
  const std::string bytes = file_content(path_);
  uint64_t length = 0;
  ASSERT_GT(bytes.size(), sizeof length);
  std::memcpy(&length, bytes.data(), sizeof length);
  EXPECT_EQ(length % 8, 0u);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  EXPECT_EQ(header["x"]["dtype"], "F32");
  EXPECT_EQ(header["x"]["shape"], nlohmann::json({2}));
  EXPECT_EQ(header["x"]["data_offsets"], nlohmann::json({0, 8}));
  EXPECT_EQ(header["__metadata__"]["k"], "v");
  ASSERT_EQ(bytes.size(), 8 + length + 8);
  float values[2];
  std::memcpy(values, bytes.data() + 8 + length, sizeof values);
  EXPECT_EQ(values[0], 1.5f);
  EXPECT_EQ(values[1], -2.0f);
}

TEST_F(Safetensors, RefusesWhatIsNoFile) {
  expect_names(usage_error_of([&] { SafetensorsFile file(path_); }), "no such file");
  expect_names(usage_error_of([&] { SafetensorsFile file(directory_.path()); }), "regular file");
}

TEST_F(Safetensors, RefusesTruncation) {
  expect_names(error_of_file(""), "truncated");
  expect_names(error_of_file("1234567"), "truncated");
  expect_names(error_of_file(with_length("{}", 100)), "truncated");
  expect_names(error_of_file(with_length("{}", uint64_t{1} << 62)), "too long");
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7),
               "truncated: tensor 'x'");
}

TEST_F(Safetensors, RefusesBadHeaders) {
  expect_names(error_of("{\"x\":", 0), "JSON");
  expect_names(error_of("[1]", 0), "JSON");
  expect_names(error_of("", 0), "JSON");
  expect_names(error_of(R"({"x":3})", 0), "tensor 'x' has no dtype");
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4), "shape");
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4), "shape");
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4),
               "data_offsets");
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}})", 4),
               "data_offsets");
  expect_names(error_of(R"({"__metadata__":{"k":1}})", 0), "metadata 'k'");
  expect_names(error_of(R"({"__metadata__":[]})", 0), "__metadata__");
}

TEST_F(Safetensors, RefusesDuplicates) {
  const std::string x = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  expect_names(error_of("{" + x + "," + x + "}", 4), "'x' stands twice");
  expect_names(error_of(R"({"__metadata__":{"k":"1","k":"2"}})", 0), "'k' stands twice");
}

TEST_F(Safetensors, RefusesByteRangesThatDoNotFit) {
  const auto two = [&](const std::string& first, const std::string& second, size_t bytes) {
    return error_of(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":)" + first +
                        R"(},"y":{"dtype":"F32","shape":[1],"data_offsets":)" + second + "}}",
                    bytes);
  };
  expect_names(two("[0,4]", "[0,4]", 4), "overlaps");
  expect_names(two("[0,4]", "[2,6]", 6), "overlaps");
  expect_names(two("[0,4]", "[5,9]", 9), "hole");
  expect_names(two("[0,4]", "[4,8]", 9), "1 bytes at its end");
  expect_names(two("[0,4]", "[4,9]", 9), "tensor 'y' has 5 bytes");
  expect_names(two("[4,0]", "[4,8]", 8), "tensor 'x' ends before it begins");
}

TEST_F(Safetensors, RefusesShapesThatOverflow) {
  const std::string huge = std::to_string(uint64_t{1} << 62);
  expect_names(error_of(R"({"x":{"dtype":"F32","shape":[)" + huge + "," + huge +
                            R"(],"data_offsets":[0,0]}})",
                        0),
               "tensor 'x'");
}

// By hand: bits of both 16-bit types, subnormal, largest and negative ones among them.
TEST_F(Safetensors, ReadsNumbersOf16Bits) {
  const std::string header = R"({"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},)"
                             R"("b":{"dtype":"BF16","shape":[3],"data_offsets":[12,18]}})";
  const uint16_t bits[] = {0x3c00, 0xc100, 0x7bff, 0x0001, 0x0400, 0x8000, 0x3f80, 0xc020, 0x0001};
  std::string data(sizeof bits, '\0');
  std::memcpy(data.data(), bits, sizeof bits);
  put_file(path_, with_length(header, header.size()) + data);
  SafetensorsFile file(path_);
  EXPECT_EQ(file.read("h", {6}), (std::vector<double>{1, -2.5, 65504, 0x1p-24, 0x1p-14, -0.0}));
  EXPECT_EQ(file.read("b", {3}), (std::vector<double>{1, -2.5, 0x1p-133}));
  EXPECT_EQ(file.dtype("h"), Dtype::f16);
  EXPECT_EQ(file.dtype("b"), Dtype::bf16);
}

TEST_F(Safetensors, RefusesInfinitiesOf16Bits) {
  for (const auto& [dtype, bits, name] :
       {std::tuple{"F16", 0xfc00, "-inf"}, {"F16", 0x7c01, "nan"}, {"BF16", 0x7f80, "inf"}}) {
    const std::string header =
        std::string(R"({"x":{"dtype":")") + dtype + R"(","shape":[1],"data_offsets":[0,2]}})";
    std::string data(2, '\0');
    std::memcpy(data.data(), &bits, 2);
    put_file(path_, with_length(header, header.size()) + data);
    SafetensorsFile file(path_);
    expect_names(usage_error_of([&] { file.read("x", {1}); }), std::string("'x' holds ") + name);
  }
}

TEST_F(Safetensors, ReadsFlagsOfEveryType) {
  for (const auto& [dtype, size] : {std::pair{"BOOL", 1},
                                    {"U8", 1},
                                    {"I8", 1},
                                    {"I16", 2},
                                    {"U16", 2},
                                    {"I32", 4},
                                    {"U32", 4},
                                    {"I64", 8},
                                    {"U64", 8}}) {
    const std::string header = std::string(R"({"f":{"dtype":")") + dtype +
                               R"(","shape":[2],"data_offsets":[0,)" + std::to_string(2 * size) +
                               "]}}";
    std::string data(2 * size, '\0');
    data[size] = 1;
    put_file(path_, with_length(header, header.size()) + data);
    EXPECT_EQ(SafetensorsFile(path_).read_flags("f", {2}), (std::vector<double>{0, 1})) << dtype;
    data.assign(2 * size, '\xff');
    put_file(path_, with_length(header, header.size()) + data);
    const std::string error = usage_error_of([&] { SafetensorsFile(path_).read_flags("f", {2}); });
    expect_names(error, "expected 0 or 1");
    if (dtype[0] == 'I') expect_names(error, "'f' holds -1,");
  }
  write_safetensors(path_, {{"f", {2}, {0, 1}}}, {}, Dtype::f32);
  EXPECT_EQ(SafetensorsFile(path_).read_flags("f", {2}), (std::vector<double>{0, 1}));
  expect_names(usage_error_of([&] { SafetensorsFile(path_).read_flags("f", {1}); }), "shape [2]");
}

// Types that we cannot read may stand in a file as long as nobody asks for them.
TEST_F(Safetensors, IgnoresUnknownDtypesUntilRead) {
  const std::string header = R"({"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
                             R"("x":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})";
  put_file(path_, with_length(header, header.size()) + std::string(16, '\0'));
  SafetensorsFile file(path_);
  EXPECT_EQ(file.read("x", {1}), std::vector<double>{0});
  expect_names(usage_error_of([&] { file.read("i", {1}); }), "'i' has dtype I64");
}

TEST_F(Safetensors, NamesWhatCannotBeRead) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  write_safetensors(path_, {{"a", {2}, {1, nan}}, {"b", {1, 2}, {inf, 0}}}, {}, Dtype::f32);
  SafetensorsFile file(path_);
  expect_names(usage_error_of([&] { file.read("a", {2}); }), "'a' holds nan at element 1");
  expect_names(usage_error_of([&] { file.read("b", {1, 2}); }), "'b' holds inf at element 0");
  expect_names(usage_error_of([&] { file.read("b", {2}); }), "'b' has shape [1, 2], expected [2]");
  expect_names(usage_error_of([&] { file.read("c", {2}); }), "'c' is missing");
  expect_names(usage_error_of([&] { file.metadata("k"); }), "metadata 'k' is missing");
}

}  // namespace
}  // namespace sac::files
