// Which devices there are, and a learner on one of them. Nothing above knows which one it holds.
#pragma once

#include <memory>
#include <string>

#include "host/learner.h"

namespace sac {

enum class Device { cpu, cuda };

/// "cpu", "cuda".
const char* device_name(Device device);

struct DeviceChoice {
  Device device;
  std::string reason;  ///< one line: why `auto` chose it; empty if the user did
};

/// What `auto`, `cpu` or `cuda` means on this machine. Throws UsageError if the name is none of
/// them or there is no such device.
DeviceChoice choose_device(const std::string& request);

/// A float learner, which trains. Throws UsageError for a width that the device does not serve.
std::unique_ptr<Learner> make_learner(Device device, const LearnerConfig& config);

/// The double reference, on the CPU.
std::unique_ptr<Learner> make_reference_learner(const LearnerConfig& config);

/// What `sac_cuda devices` prints.
std::string describe_devices();

}  // namespace sac
