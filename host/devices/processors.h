// How many processors this process may use: those that it may be scheduled on (affinity), and no
// more than its control groups pay for.
#pragma once

#include <string>

namespace sac::devices {

/// The default number of threads: at least 1.
int usable_processors();

/// The same for one of several processes of this machine, which share it evenly unless they may be
/// scheduled on fewer.
int processors_of_one_in(int processes);

/// "8 processors", or "2 of 8 processors" where the process may not use all.
std::string processors_in_words();

}  // namespace sac::devices
