// The memory of the machine.
#pragma once

namespace sac::devices {

/// Bytes that this process may have: all of the machine's, or what its control groups allow.
double host_memory_bytes();

}  // namespace sac::devices
