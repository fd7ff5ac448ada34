#include "host/report/page.h"

#include <gtest/gtest.h>

namespace sac::report {
namespace {

/// What the page's script parses.
std::string data_text(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const size_t at = page.find(begin) + begin.size();
  return page.substr(at, page.find("</script>", at) - at);
}

TEST(Page, HoldsTheDataWhateverItsStringsAre) {
  const nlohmann::ordered_json data = {{"path", "</script><img src=x onerror=alert(1)><!--"},
                                       {"broken", "\xff"}};
  const std::string whole = page(data), text = data_text(whole);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(whole.find("<img"), std::string::npos);
  const auto parsed = nlohmann::ordered_json::parse(text);
  EXPECT_EQ(parsed["path"], data["path"]);
  EXPECT_EQ(parsed["broken"], "\xef\xbf\xbd");
}

TEST(Page, IsWholeAndAsksNothingOfTheNetwork) {
  const std::string whole = page(nlohmann::ordered_json::object());
  EXPECT_TRUE(whole.starts_with("<!doctype html>"));
  EXPECT_TRUE(whole.ends_with("</html>\n"));
  EXPECT_EQ(whole.find("REPORT_DATA"), std::string::npos);
  EXPECT_EQ(whole.find("@style.css@"), std::string::npos);
  EXPECT_NE(whole.find("default-src 'none'"), std::string::npos);
  for (const char* outside : {"src=", "https:", "@import", "fetch(", "innerHTML"}) {
    EXPECT_EQ(whole.find(outside), std::string::npos) << outside;
  }
}

}  // namespace
}  // namespace sac::report
