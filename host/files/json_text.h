// JSON out of a file, which may be anybody's.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace sac::files {

/// What a look at a text tells before anything is built of it.
struct JsonLook {
  bool sound = false;                ///< it is JSON, and not nested deeper than any file of ours
  std::optional<std::string> twice;  ///< a key that an object has more than once
};

JsonLook look_at_json(const std::string& text);

/// `text` as Json, a kind of nlohmann::basic_json; where it is not sound a discarded value, which
/// is neither an object nor anything else. The library copies, prints and destroys values by
/// recursion: a megabyte of brackets would be the end of the stack.
template <class Json>
Json parse_json(const std::string& text) {
  if (!look_at_json(text).sound) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace sac::files
