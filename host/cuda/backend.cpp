#include "host/cuda/backend.h"

#include "host/cuda/device_memory.h"
#include "host/cuda/unfused_backend.h"
#include "kernels/fused/launch.h"
#include "kernels/sac/initialise.h"
#include "kernels/sac/optimise.h"

namespace sac::cuda {
namespace {

/// Two kernels per gradient step, one per rollout. A step that is shared takes the exchange and two
/// more.
class FusedBackend final : public Backend {
 public:
  FusedBackend(const DeviceState& d, cudaStream_t stream, const GradientExchange* exchange)
      : stream_(stream),
        exchange_(exchange),
        scratch_{nullptr, fused::scratch_layout(d.shape, d.batch)},
        scratch_memory_(d.agents * scratch_.layout.size) {
    scratch_.base = scratch_memory_.data();
    if (const size_t bytes = W2Copies::element_bytes(d.precision)) {
      copies_memory_ =
          DeviceArray<std::byte>(bytes * W2Copies::offset(d.shape, d.agents, Network::pi));
      copies_.base = copies_memory_.data();
    }
  }

  void refresh_copies(const DeviceState& d) override { launch_copy_weights(d, copies_, stream_); }
  void rollout(const DeviceState& d, int steps, bool warm_up) override {
    fused::launch_rollout(d, copies_, steps, warm_up, stream_);
  }
  void gradients(const DeviceState& d, const GivenBatch& given) override {
    fused::launch_gradients(d, copies_, given, scratch_, stream_);
  }
  void update(const DeviceState& d) override {
    fused::launch_update(d, copies_, scratch_, stream_);
    if (!d.shared) return;
    exchange_->sum(d.gradients, d.agents * gradient_stride(d), stream_);
    launch_optimise(d, stream_);
    refresh_copies(d);
  }
  void evaluate(const DeviceState& d, const EpisodeResults& results) override {
    fused::launch_evaluate(d, results, stream_);
  }
  size_t bytes() const override { return scratch_memory_.bytes() + copies_memory_.bytes(); }
  std::string description() const override { return "fused kernels"; }

 private:
  cudaStream_t stream_;
  const GradientExchange* exchange_;
  fused::Scratch scratch_;
  W2Copies copies_;
  DeviceArray<float> scratch_memory_;
  DeviceArray<std::byte> copies_memory_;
};

}  // namespace

std::unique_ptr<Backend> make_backend(const LearnerConfig& config, const DeviceState& device,
                                      const Stream& stream, const GradientExchange* exchange) {
  if (config.mlp == Mlp::fused) {
    return std::make_unique<FusedBackend>(device, stream.get(), exchange);
  }
  return std::make_unique<UnfusedBackend>(device, config.precision, stream, exchange);
}

}  // namespace sac::cuda
