#include "host/commands/devices.h"

#include <fmt/format.h>

#include "host/devices.h"

namespace sac {

void add_devices_command(CLI::App& app) {
  app.add_subcommand("devices", "List what there is to compute on")->callback([] {
    fmt::print("{}", describe_devices());
  });
}

}  // namespace sac
