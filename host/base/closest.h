// What a user may have meant by a word that is none of those allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sac {

/// The name most like `word`, at most two edits away, whatever the case of its letters; empty if
/// there is none.
std::string closest(std::string_view word, const std::vector<std::string>& names);

}  // namespace sac
