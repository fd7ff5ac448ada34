// The page that shows a report: one HTML file with everything inside.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sac::report {

/// The page, host/report/page, with `data` in it. Whatever strings `data` holds, they are text in
/// it and never markup.
std::string page(const nlohmann::ordered_json& data);

}  // namespace sac::report
