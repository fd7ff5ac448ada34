#include "host/base/finite_number.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "host/base/usage_error.h"

namespace sac {

double finite_number(const std::string& text, const std::string& what) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  if (!whole || !(std::abs(value) <= std::numeric_limits<float>::max())) {
    throw UsageError(what + " is '" + text + "'; allowed: a finite number");
  }
  return value;
}

}  // namespace sac
