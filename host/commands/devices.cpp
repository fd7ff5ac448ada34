#include "host/devices/devices.h"

#include <iostream>

#include "host/commands/commands.h"

namespace sac::commands {

void devices() {
  std::cout << sac::devices::describe_devices();
}

}  // namespace sac::commands
