// Which CPU a figure is from.
#pragma once

#include <string>

namespace sac::bench {

/// "AMD EPYC 7B13, 2 threads": the model as Linux names it, and what this process may use of it.
std::string processor();

}  // namespace sac::bench
