// The ways to train that are measured. Apart from cases.h, so that the host's compiler, which may
// have no Philox where the CUDA Toolkit is all there is, need not read the environments.
#pragma once

#include <array>
#include <span>
#include <string>

#include "host/base/learner.h"

namespace sac::bench {

/// A way to train.
struct Variant {
  Mlp mlp;
  Precision precision;
  Algorithm algorithm;
};
using Variants = std::span<const Variant>;

/// All that an algorithm has. What is compared with cuBLAS is so in the same precision.
constexpr std::array<Variant, 6> variants_of(Algorithm a) {
  return {{{Mlp::fused, Precision::fp32, a},
           {Mlp::fused, Precision::tf32, a},
           {Mlp::fused, Precision::bf16, a},
           {Mlp::cublas, Precision::fp32, a},
           {Mlp::cublas, Precision::tf32, a},
           {Mlp::cublas, Precision::bf16, a}}};
}

inline std::string text(const Variant& v) {
  return (v.mlp == Mlp::fused ? "fused, " : "cuBLAS, ") + std::string(precision_name(v.precision));
}

}  // namespace sac::bench
