// Numbers as a user writes them.
#pragma once

#include <string>

namespace sac {

/// The number that the whole of `text` spells. `what` says in an error what the text was meant
/// for. Throws UsageError unless it is finite, also as a float.
double finite_number(const std::string& text, const std::string& what);

}  // namespace sac
