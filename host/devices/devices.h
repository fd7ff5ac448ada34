// Which devices there are, and a learner on one of them. Nothing above knows which one it holds.
#pragma once

#include <memory>
#include <string>

#include "host/base/learner.h"

namespace sac::devices {

enum class Device { cpu, cuda };

/// "cpu", "cuda".
const char* device_name(Device device);

struct DeviceChoice {
  Device device;
  std::string reason;       ///< one line: why `auto` chose it; empty if the user did
  bool instead_of = false;  ///< of a GPU that is there and does not serve what was asked
};

/// This thread's learners on a GPU are on that one of the machine's, counted round where there are
/// fewer. GPU 0 unless told.
void use_gpu(int number);

/// What `auto`, `cpu` or `cuda` means on this machine. Throws UsageError if the name is none of
/// them or there is no such device.
DeviceChoice choose_device(const std::string& request);

/// What `auto`, `fp32`, `tf32` or `bf16` means on this device; `auto` is tf32 on a GPU. Throws
/// UsageError if the name is none of them.
Precision choose_precision(Device device, const std::string& request);

/// "fused", "cublas".
const char* mlp_name(Mlp mlp);

/// `fused` or `cublas`. Throws UsageError if the name is neither.
Mlp choose_mlp(const std::string& request);

/// Where a learner computes, and how it multiplies: names as the user gave them.
struct Request {
  std::string device = "auto", precision = "fp32", mlp = "fused";
};

/// What all three names mean for a learner of this config; writes config.precision and config.mlp.
/// Where `auto` finds a GPU that does not serve the config or has not the memory for it, it is the
/// CPU, if that has neither obstacle. Throws UsageError as the three above do.
DeviceChoice choose(const Request& request, LearnerConfig& config);

/// Throws UsageError for a precision, width, mlp or number of ranks that the device does not serve,
/// and for sizes that do not fit the machine's memory.
void require_served(Device device, const LearnerConfig& config);

/// A learner that trains, in float or less. Throws as require_served does.
std::unique_ptr<Learner> make_learner(Device device, const LearnerConfig& config);

/// The double reference, on the CPU. Throws UsageError for sizes that do not fit its memory.
std::unique_ptr<Learner> make_reference_learner(const LearnerConfig& config);

/// What `sac_cuda devices` prints.
std::string describe_devices();

}  // namespace sac::devices
