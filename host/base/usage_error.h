// A mistake of the user's: one line that names the bad value and what is allowed; exit code 2.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sac {

/// `text` as one line that a terminal shows as it is: control characters, which a damaged file may
/// bring into a message about it, are written as \n, \t or \x1b, and what is longer than any
/// message of ours ends with "...".
std::string one_line(std::string_view text);

class UsageError : public std::runtime_error {
 public:
  explicit UsageError(std::string_view message) : std::runtime_error(one_line(message)) {}
};

}  // namespace sac
