// The ways to train that are measured. Apart from cases.h, so that the host's compiler, which may
// have no Philox where the CUDA Toolkit is all there is, need not read the environments.
#pragma once

#include <string>

#include "host/base/learner.h"

namespace sac::bench {

/// A way to train.
struct Variant {
  Mlp mlp;
  Precision precision;
};

/// All of them. What is compared with cuBLAS is so in the same precision.
inline constexpr Variant kVariants[] = {
    {Mlp::fused, Precision::fp32},  {Mlp::fused, Precision::tf32},  {Mlp::fused, Precision::bf16},
    {Mlp::cublas, Precision::fp32}, {Mlp::cublas, Precision::tf32}, {Mlp::cublas, Precision::bf16}};

inline std::string text(const Variant& v) {
  return (v.mlp == Mlp::fused ? "fused, " : "cuBLAS, ") + std::string(precision_name(v.precision));
}

}  // namespace sac::bench
