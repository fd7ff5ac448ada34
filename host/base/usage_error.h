// A mistake of the user's: one line that names the bad value and what is allowed; exit code 2.
#pragma once

#include <stdexcept>

namespace sac {

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sac
