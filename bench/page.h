// A benchmark's tables as a page to look at.
#pragma once

#include <string>

#include "bench/report.h"

namespace sac::bench {

/// One HTML file that asks nothing of the network and runs no script. Shares of the limit, columns
/// whose key is or ends with "share", have a bar, with a mark where the limit is.
std::string as_html(const std::string& title, const Report& report);

}  // namespace sac::bench
