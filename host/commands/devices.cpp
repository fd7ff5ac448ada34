#include "host/commands/devices.h"

#include <fmt/format.h>

#include "host/devices/devices.h"

namespace sac::commands {

void add_devices_command(CLI::App& app) {
  app.add_subcommand("devices", "List what there is to compute on")->callback([] {
    fmt::print("{}", devices::describe_devices());
  });
}

}  // namespace sac::commands
