// Adam and the soft update, element by element: the epilogue of the update.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/lanes.cuh"

namespace sac {

/// Updates one agent's elements of one network. An element has one owner among all threads.
template <bool kStoreGradients>
class ElementUpdate {
 public:
  __device__ ElementUpdate(const DeviceState& d, int agent, Network n)
      : parameters_(d.parameters + static_cast<size_t>(agent) * d.parameter_stride),
        m_(d.adam_m + static_cast<size_t>(agent) * d.parameter_stride),
        v_(d.adam_v + static_cast<size_t>(agent) * d.parameter_stride),
        gradients_(d.gradients),
        control_(d.control[agent]),
        step_size_(control_.learning_rate[static_cast<int>(n)] * control_.next.inverse_correction1),
        target_distance_(n == Network::v ? d.networks[static_cast<int>(Network::v_target)].w1 -
                                               d.networks[static_cast<int>(Network::v)].w1
                                         : 0) {}

  /// What elements are now; `target` of v alone.
  template <int kCount>
  struct Updated {
    Words<kCount> parameters, target;
  };

  /// Applies the gradient to kCount consecutive elements from `offset` on in the agent's vector.
  template <int kCount>
  __device__ Updated<kCount> apply(size_t offset, const float (&gradient)[kCount]) const {
    Words<kCount> p = load<kCount>(parameters_ + offset);
    Words<kCount> m = load<kCount>(m_ + offset), v = load<kCount>(v_ + offset);
#pragma unroll
    for (int i = 0; i < kCount; ++i) step(gradient[i], p.v[i], m.v[i], v.v[i]);
    store(parameters_ + offset, p);
    store(m_ + offset, m);
    store(v_ + offset, v);
    if (kStoreGradients) {
      Words<kCount> g;
#pragma unroll
      for (int i = 0; i < kCount; ++i) g.v[i] = gradient[i];
      store(gradients_ + offset, g);
    }
    if (target_distance_ == 0) return {p, {}};
    return {p, follow(offset + target_distance_, p)};
  }

 private:
  __device__ void step(float gradient, float& p, float& m, float& v) const {
    m += control_.one_minus_beta1 * (gradient - m);
    v += control_.one_minus_beta2 * (gradient * gradient - v);
    const float root = sqrtf(v) * control_.next.inverse_sqrt_correction2;
    p -= step_size_ * m / (root + control_.adam_eps);
  }

  /// v_target's elements move towards v's new ones.
  template <int kCount>
  __device__ Words<kCount> follow(size_t offset, const Words<kCount>& p) const {
    Words<kCount> target = load<kCount>(parameters_ + offset);
#pragma unroll
    for (int i = 0; i < kCount; ++i) target.v[i] += control_.tau * (p.v[i] - target.v[i]);
    store(parameters_ + offset, target);
    return target;
  }

  float* const parameters_;
  float* const m_;
  float* const v_;
  float* const gradients_;
  const AgentControl& control_;
  const float step_size_;
  const size_t target_distance_;
};

}  // namespace sac
