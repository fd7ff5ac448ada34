// In which numbers a learner multiplies matrices.
#pragma once

namespace sac {

/// The operands of the H x H products. Sums, losses, targets, master weights and Adam's moments are
/// fp32 whatever this says, and so are first layers and heads.
enum class Precision : int {
  fp32,  ///< 24 bits of mantissa
  tf32,  ///< 11 bits: fp32 values, rounded as they enter a tensor core
  bf16,  ///< 8 bits, in half the memory
};

}  // namespace sac
