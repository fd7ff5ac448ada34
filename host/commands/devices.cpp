#include "host/devices/devices.h"

#include <fmt/format.h>

#include "host/commands/commands.h"

namespace sac::commands {

void devices() {
  fmt::print("{}", sac::devices::describe_devices());
}

}  // namespace sac::commands
