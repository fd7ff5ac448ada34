#include "host/cuda/backend.h"

#include "host/cuda/unfused_backend.h"

namespace sac::cuda {
namespace {

/// Two kernels per gradient step, one per rollout.
class FusedBackend final : public Backend {
 public:
  explicit FusedBackend(cudaStream_t stream) : stream_(stream) {}

  void rollout(const DeviceState& d, int steps, bool warm_up) override {
    fused::launch_rollout(d, steps, warm_up, stream_);
  }
  void gradients(const DeviceState& d, const GivenBatch& given) override {
    fused::launch_gradients(d, given, stream_);
  }
  void update(const DeviceState& d) override { fused::launch_update(d, stream_); }
  void evaluate(const DeviceState& d, const EpisodeResults& results) override {
    fused::launch_evaluate(d, results, stream_);
  }
  size_t bytes() const override { return 0; }
  std::string description() const override { return "fused kernels"; }

 private:
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<Backend> make_backend(const LearnerConfig& config, const DeviceState& device,
                                      const Stream& stream) {
  if (config.mlp == Mlp::fused) return std::make_unique<FusedBackend>(stream.get());
  return std::make_unique<UnfusedBackend>(device, config.precision, stream);
}

}  // namespace sac::cuda
