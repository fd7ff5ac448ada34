// Lines of comma-separated cells.
#pragma once

#include <string>
#include <vector>

namespace sac::files {

/// The cells of one line, without surrounding blanks, line ends and double quotes. There is one
/// more cell than there are commas; quoted commas are not supported.
std::vector<std::string> comma_separated(const std::string& line);

}  // namespace sac::files
