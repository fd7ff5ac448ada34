#include "host/cuda/unfused_network.h"

#include "kernels/unfused/launch.h"

namespace sac::cuda {

NetworkTensors::NetworkTensors(const NetworkLayout& l, float* base, size_t agent_stride) {
  const auto tensor = [&](size_t offset, int rows, int cols) {
    return unfused::AgentMatrix{base + offset, rows, cols, cols, agent_stride};
  };
  w1 = tensor(l.w1, l.hidden, l.in);
  b1 = tensor(l.b1, 1, l.hidden);
  w2 = tensor(l.w2, l.hidden, l.hidden);
  b2 = tensor(l.b2, 1, l.hidden);
  w3 = tensor(l.w3, l.out, l.hidden);
  b3 = tensor(l.b3, 1, l.out);
}

void UnfusedNetwork::layer(const unfused::AgentMatrix& x, const unfused::AgentMatrix& w,
                           const unfused::AgentMatrix& bias, bool relu, Precision precision,
                           const unfused::AgentMatrix& out, int agents) const {
  blas_.multiply({x}, transpose(w), out, Sum::overwrite, precision, agents);
  unfused::launch_add_bias(out, bias, relu, agents, stream_);
}

void UnfusedNetwork::forward(const NetworkTensors& net, const ForwardRows& x, int agents) const {
  layer(x.input, net.w1, net.b1, true, Precision::fp32, x.h1, agents);
  layer(x.h1, net.w2, net.b2, true, precision_, x.h2, agents);
  layer(x.h2, net.w3, net.b3, false, Precision::fp32, x.output, agents);
}

void UnfusedNetwork::backward(const NetworkTensors& net, const ForwardRows& x,
                              const BackwardRows& dx, int agents) const {
  blas_.multiply({dx.output}, {net.w3}, dx.dz2, Sum::overwrite, Precision::fp32, agents);
  unfused::launch_mask(dx.dz2, x.h2, agents, stream_);
  blas_.multiply({dx.dz2}, {net.w2}, dx.dz1, Sum::overwrite, precision_, agents);
  unfused::launch_mask(dx.dz1, x.h1, agents, stream_);
}

void UnfusedNetwork::weight_gradients(const NetworkTensors& gradients, const ForwardRows& x,
                                      const BackwardRows& dx, int agents) const {
  const auto product = [&](const unfused::AgentMatrix& out, const unfused::AgentMatrix& in,
                           const unfused::AgentMatrix& w, Precision precision) {
    blas_.multiply(transpose(out), {in}, w, Sum::overwrite, precision, agents);
  };
  product(dx.dz1, x.input, gradients.w1, Precision::fp32);
  product(dx.dz2, x.h1, gradients.w2, precision_);
  product(dx.output, x.h2, gradients.w3, Precision::fp32);
}

}  // namespace sac::cuda
