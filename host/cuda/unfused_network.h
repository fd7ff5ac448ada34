// Forward and backward through the networks as plain products and elementwise kernels.
#pragma once

#include "host/cuda/blas.h"
#include "kernels/device_state.h"
#include "kernels/unfused/matrix.h"

namespace sac::cuda {

/// One network's tensors within a vector per agent that has the layout of the parameters: the
/// parameters, or their gradients.
struct NetworkTensors {
  unfused::AgentMatrix w1, b1, w2, b2, w3, b3;

  NetworkTensors(const NetworkLayout& layout, float* base, size_t agent_stride);
};

/// What a pass over some rows reads and leaves, row by row.
struct ForwardRows {
  unfused::AgentMatrix input;   ///< [rows, in]
  unfused::AgentMatrix h1, h2;  ///< [rows, H], after the ReLU
  unfused::AgentMatrix output;  ///< [rows, out]
};

/// The gradients of the same, before the ReLUs.
struct BackwardRows {
  unfused::AgentMatrix output;    ///< [rows, out]
  unfused::AgentMatrix dz1, dz2;  ///< [rows, H]
};

/// Runs on one stream. The H x H products have the given precision, the others are fp32.
class UnfusedNetwork {
 public:
  UnfusedNetwork(const Blas& blas, cudaStream_t stream, Precision precision)
      : blas_(blas), stream_(stream), precision_(precision) {}

  /// From the input to h1, h2 and the output.
  void forward(const NetworkTensors& net, const ForwardRows& x, int agents) const;

  /// From the output's gradient to dz2 and dz1.
  void backward(const NetworkTensors& net, const ForwardRows& x, const BackwardRows& dx,
                int agents) const;

  /// Gradients of w1, w2 and w3; those of the biases are sums.
  void weight_gradients(const NetworkTensors& gradients, const ForwardRows& x,
                        const BackwardRows& dx, int agents) const;

 private:
  void layer(const unfused::AgentMatrix& x, const unfused::AgentMatrix& w,
             const unfused::AgentMatrix& bias, bool relu, Precision precision,
             const unfused::AgentMatrix& out, int agents) const;

  const Blas& blas_;
  cudaStream_t stream_;
  Precision precision_;
};

}  // namespace sac::cuda
