// SAC as any library would do it on a GPU: a product or an elementwise kernel at a time. The
// baseline for the fused kernels, and the way for widths that are not fused.
#pragma once

#include "host/cuda/backend.h"
#include "host/cuda/unfused_network.h"
#include "kernels/unfused/scratch.h"

namespace sac::cuda {

class UnfusedBackend final : public Backend {
 public:
  UnfusedBackend(const DeviceState& d, Precision precision, const Stream& stream,
                 const GradientExchange* exchange);

  void refresh_copies(const DeviceState&) override {}  // it has none
  void rollout(const DeviceState& d, int steps, bool warm_up) override;
  void gradients(const DeviceState& d, const GivenBatch& given) override;
  void update(const DeviceState& d) override;
  void evaluate(const DeviceState& d, const EpisodeResults& results) override;
  size_t bytes() const override;
  std::string description() const override { return "cuBLAS and elementwise kernels"; }

 private:
  /// A policy that acts on its own rows: environments or episodes.
  struct PolicyRows {
    DeviceArray<float> memory;
    ForwardRows rows;

    PolicyRows(const DeviceState& d, int count);
  };

  NetworkTensors parameters(const DeviceState& d, Network n) const;
  /// All rows on which a gradient step evaluates the network.
  ForwardRows forward_rows(const DeviceState& d, Network n) const;
  /// Those of them that a gradient goes through, and the gradient.
  ForwardRows gradient_rows(const DeviceState& d, Network n) const;
  BackwardRows backward_rows(const DeviceState& d, Network n) const;

  void forward(const DeviceState& d, Network n) const;
  void backward(const DeviceState& d, Network n) const;
  void action_gradient(const DeviceState& d) const;
  unfused::AgentMatrix scratch(size_t offset, int rows, int cols) const;

  const Stream& stream_;
  const GradientExchange* const exchange_;
  Blas blas_;
  UnfusedNetwork network_;
  unfused::Scratch scratch_;
  DeviceArray<float> scratch_memory_;
  PolicyRows environments_;
};

}  // namespace sac::cuda
