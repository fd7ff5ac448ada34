// The arithmetic of the matrix products.
#pragma once

namespace sac {

/// The operands of the H x H products. Sums, losses, targets, master weights and Adam's moments are
/// fp32 whatever this says, and so are first layers and heads.
enum class Precision : int {
  fp32,  ///< 24 bits of mantissa
  tf32,  ///< 11 bits: fp32 values, rounded as they enter a tensor core
  bf16,  ///< 8 bits, in half the memory
};

/// As users write it: "fp32", "tf32", "bf16".
constexpr const char* precision_name(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "fp32";
    case Precision::tf32:
      return "tf32";
    case Precision::bf16:
      return "bf16";
  }
  return "unknown";
}

}  // namespace sac
