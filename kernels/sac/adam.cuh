// Adam and the soft update on runs of elements: the epilogue of the update.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/lanes.cuh"
#include "kernels/sac/adam.h"

namespace sac {

/// Updates one agent's elements of one network. An element has one owner among all threads.
template <bool kStoreGradients>
class ElementUpdate {
 public:
  __device__ ElementUpdate(const DeviceState& d, int agent, Network n)
      : parameters_(d.parameters + agent * d.parameter_stride),
        m_(d.adam_m + agent * d.parameter_stride),
        v_(d.adam_v + agent * d.parameter_stride),
        gradients_(d.gradients),
        adam_(adam_step(d.control[agent], n)),
        tau_(d.control[agent].tau),
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
    for (int i = 0; i < kCount; ++i) adam_element(adam_, gradient[i], p.v[i], m.v[i], v.v[i]);
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
  __device__ static AdamStep<float> adam_step(const AgentControl& control, Network n) {
    return {static_cast<float>(control.beta1),
            control.one_minus_beta1,
            static_cast<float>(control.beta2),
            control.one_minus_beta2,
            control.adam_eps,
            control.learning_rate[static_cast<int>(n)] * control.next.inverse_correction1,
            control.next.inverse_sqrt_correction2};
  }

  /// v_target's elements move towards v's new ones.
  template <int kCount>
  __device__ Words<kCount> follow(size_t offset, const Words<kCount>& p) const {
    Words<kCount> target = load<kCount>(parameters_ + offset);
#pragma unroll
    for (int i = 0; i < kCount; ++i) target.v[i] = soft_update(tau_, p.v[i], target.v[i]);
    store(parameters_ + offset, target);
    return target;
  }

  float* const parameters_;
  float* const m_;
  float* const v_;
  float* const gradients_;
  const AdamStep<float> adam_;
  const float tau_;
  const size_t target_distance_;
};

}  // namespace sac
