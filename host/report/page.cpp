#include "host/report/page.h"

#include <string_view>

#include "report_page.h"  // made of the files in host/report/page

namespace sac::report {
namespace {

constexpr std::string_view kPlaceholder = "REPORT_DATA";

}  // namespace

std::string page(const nlohmann::ordered_json& data) {
  const std::string text =
      data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const std::string_view whole = kPage;
  const size_t at = whole.find(kPlaceholder);
  std::string result(whole.substr(0, at));
  // In JSON a < stands in strings alone; written so it can end no element and begin no comment.
  for (const char c : text) c == '<' ? result += "\\u003c" : result += c;
  return result += whole.substr(at + kPlaceholder.size());
}

}  // namespace sac::report
