#include "host/files/json_text.h"

#include <gtest/gtest.h>

namespace sac::files {
namespace {

using nlohmann::json;

std::string nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonText, IsWhatTheLibraryReads) {
  const std::string text = R"({"a": [1, -2, 0.5, null, true], "b": {"c": "é"}})";
  EXPECT_EQ(parse_json<json>(text), json::parse(text));
  EXPECT_EQ(parse_json<nlohmann::ordered_json>(R"({"b": 1, "a": 2})").begin().key(), "b");
  for (const char* bad : {"", "{", "{\"a\":}", "nan", "{} {}", "\"\xff\""}) {
    EXPECT_TRUE(parse_json<json>(bad).is_discarded()) << bad;
  }
}

TEST(JsonText, KnowsAKeyThatStandsTwice) {
  EXPECT_EQ(look_at_json(R"({"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]})").twice,
            std::nullopt);
  EXPECT_EQ(look_at_json(R"({"b": {"a": 2, "c": [{"d": 0}], "a": 1}})").twice, "a");
}

// A value nested so deeply would overflow the stack where it is copied or destroyed.
TEST(JsonText, IsNotBuiltIfNestedDeeply) {
  EXPECT_TRUE(parse_json<json>(nested(32)).is_array());
  EXPECT_TRUE(parse_json<json>(nested(33)).is_discarded());
  EXPECT_TRUE(parse_json<json>(nested(10'000'000)).is_discarded());
  EXPECT_TRUE(parse_json<json>(std::string(10'000'000, '[')).is_discarded());
}

}  // namespace
}  // namespace sac::files
