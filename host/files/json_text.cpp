#include "host/files/json_text.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace sac::files {
namespace {

using nlohmann::json;

constexpr size_t kDeepest = 32;

// Told of every part of the text in turn. Parsing ends where one of these returns false.
class Look {
 public:
  explicit Look(JsonLook& found) : found_(found) {}

  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(int64_t) { return true; }
  bool number_unsigned(uint64_t) { return true; }
  bool number_float(double, const std::string&) { return true; }
  bool string(std::string&) { return true; }
  bool binary(json::binary_t&) { return true; }
  bool start_array(size_t) { return open(); }
  bool start_object(size_t) { return open(); }
  bool end_array() { return close(); }
  bool end_object() { return close(); }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) found_.twice = name;
    return true;
  }
  bool parse_error(size_t, const std::string&, const json::exception&) { return false; }

 private:
  bool open() {
    keys_.emplace_back();
    return keys_.size() <= kDeepest;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  JsonLook& found_;
  std::vector<std::set<std::string>> keys_;  // of all that is open; an array has none
};

}  // namespace

JsonLook look_at_json(const std::string& text) {
  JsonLook found;
  Look look(found);
  found.sound = json::sax_parse(text, &look);
  return found;
}

}  // namespace sac::files
