// From a precision to the arithmetic of the float learner.
#pragma once

#include "host/cpu/arithmetic.h"
#include "host/cpu/gemm.h"
#include "kernels/precision.h"

namespace sac::cpu {

/// Calls f(Float32{}), or for bf16 f(Bf16{}) or f(Bf16InFloat{}), whichever suits this processor.
template <class F>
auto with_arithmetic(Precision precision, const F& f) {
  if (precision == Precision::fp32) return f(Float32{});
  return has_bf16_products() ? f(Bf16{}) : f(Bf16InFloat{});
}

}  // namespace sac::cpu
