// sac_cuda devices: what there is to compute on.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_devices_command(CLI::App& app);

}  // namespace sac::commands
