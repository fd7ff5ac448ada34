// Adam and the soft update on runs of elements: the epilogue of the update.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/lanes.cuh"
#include "kernels/sac/adam.h"

namespace sac {

/// What a gradient step does to every element of one agent's network, or to log_alpha.
struct UpdateStep {
  AdamStep<float> adam;
  float tau;

  __device__ UpdateStep(const AgentControl& control, Network n)
      : adam{static_cast<float>(control.beta1),
             control.one_minus_beta1,
             static_cast<float>(control.beta2),
             control.one_minus_beta2,
             control.adam_eps,
             control.learning_rate[loss_index(n)] * control.next.inverse_correction1,
             control.next.inverse_sqrt_correction2},
        tau(control.tau) {}
};

/// Updates one agent's elements of one network. An element has one owner among all threads.
template <bool kStoreGradients>
class ElementUpdate {
 public:
  __device__ ElementUpdate(const DeviceState& d, int agent, Network n)
      : parameters_(d.parameters + agent * d.parameter_stride),
        m_(d.adam_m + agent * d.parameter_stride),
        v_(d.adam_v + agent * d.parameter_stride),
        gradients_(kStoreGradients ? d.gradients + agent * gradient_stride(d) : nullptr),
        shared_(d.shared),
        target_distance_(distance(d, n)) {}

  /// kCount consecutive elements: parameters, both moments, and their copies in the network's
  /// target if it has one.
  template <int kCount>
  struct Elements {
    Words<kCount> parameters, m, v, target;
  };

  /// Those from `offset` on in the agent's vector.
  template <int kCount>
  __device__ Elements<kCount> fetch(size_t offset) const {
    Elements<kCount> e = {load<kCount>(parameters_ + offset),
                          load<kCount>(m_ + offset),
                          load<kCount>(v_ + offset),
                          {}};
    if (has_target()) e.target = load<kCount>(parameters_ + offset + target_distance_);
    return e;
  }

  /// Applies the gradient to what was fetched from `offset`, and writes it there. A gradient that
  /// is shared is stored, and no more.
  template <int kCount>
  __device__ void apply(const UpdateStep& step, size_t offset, Elements<kCount>& e,
                        const Words<kCount>& gradient) const {
    if (kStoreGradients) {
      store(gradients_ + offset, gradient);
      if (shared_) return;
    }
#pragma unroll
    for (int i = 0; i < kCount; ++i) {
      adam_element(step.adam, gradient.v[i], e.parameters.v[i], e.m.v[i], e.v.v[i]);
    }
    store(parameters_ + offset, e.parameters);
    store(m_ + offset, e.m);
    store(v_ + offset, e.v);
    if (!has_target()) return;
#pragma unroll
    for (int i = 0; i < kCount; ++i) {
      e.target.v[i] = soft_update(step.tau, e.parameters.v[i], e.target.v[i]);
    }
    store(parameters_ + offset + target_distance_, e.target);
  }

 private:
  __device__ static uint32_t distance(const DeviceState& d, Network n) {
    const Algorithm a = d.shape.algorithm;
    if (!sac::has_target(a, n)) return 0;
    return static_cast<uint32_t>(d.networks[static_cast<int>(target_of(a, n))].w1 -
                                 d.networks[static_cast<int>(n)].w1);
  }
  __device__ bool has_target() const {
    return target_distance_ != 0;
  }

  float* const parameters_;
  float* const m_;
  float* const v_;
  float* const gradients_;  ///< the agent's
  const bool shared_;
  const uint32_t target_distance_;  ///< 0: it has none; one register, not two
};

}  // namespace sac
