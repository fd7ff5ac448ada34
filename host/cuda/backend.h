// Who does a learner's work on the device: the fused kernels, or cuBLAS and elementwise kernels.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "host/base/learner.h"
#include "host/cuda/gradient_exchange.h"
#include "host/cuda/stream.h"
#include "kernels/device_state.h"

namespace sac::cuda {

/// Submits work to the stream that it was made with. Everything but evaluate is asynchronous and
/// may be captured; the calls mean what those of kernels/fused/launch.h mean. What gradients leaves
/// for update is the backend's own memory. The device state is that of the learner's AgentMemory,
/// or its first agent alone. Throws CudaError, BlasError.
class Backend {
 public:
  virtual ~Backend() = default;

  /// After somebody else than `update` has written the parameters, and before anything else: brings
  /// the backend's copies of them up to date.
  virtual void refresh_copies(const DeviceState& d) = 0;

  virtual void rollout(const DeviceState& d, int steps, bool warm_up) = 0;
  virtual void gradients(const DeviceState& d, const GivenBatch& given) = 0;
  virtual void update(const DeviceState& d) = 0;

  /// May wait for the stream in between: not to be captured.
  virtual void evaluate(const DeviceState& d, const EpisodeResults& results) = 0;

  /// Bytes of device memory beyond the learner's own.
  virtual size_t bytes() const = 0;

  /// "fused kernels", "cuBLAS and elementwise kernels".
  virtual std::string description() const = 0;
};

/// What config.mlp names. `device` is the learner's state; `stream` and `exchange`, which a shared
/// state needs, outlive the backend.
std::unique_ptr<Backend> make_backend(const LearnerConfig& config, const DeviceState& device,
                                      const Stream& stream,
                                      const GradientExchange* exchange = nullptr);

}  // namespace sac::cuda
