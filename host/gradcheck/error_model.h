// How far a right gradient step may be off: the one place that says it. The gradcheck command, the
// GPU benchmark's checks and the kernels' tests ask through step_check.h; bench/peers/golden.py
// states the same in Python.
//
// A sum of n products whose rounding errors are independent is off by about sqrt(n) u of its
// largest terms, u being half the distance from 1 to the next number. The longest way through a
// step (pi, Q, and back through both) has sums over the hidden width in six layers and one over the
// batch; independent errors add in squares, so sqrt(6 H + B) u in all. Twice that is granted: at
// hidden 64, batch 64 it is 3e-6 in float, where a wrong or missing term is off by 1e-2.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kernels/precision.h"

namespace sac::gradcheck {

inline constexpr double kFloatRounding = 0x1p-24;
inline constexpr double kDoubleRounding = 0x1p-53;

/// Half the distance from 1 to the next number that the operands of the H x H products can be; 0
/// where they are the learner's scalar itself.
inline double operand_rounding(Precision precision) {
  return precision == Precision::bf16 ? 0x1p-8 : precision == Precision::tf32 ? 0x1p-11 : 0;
}

/// The allowances of one learner's step.
struct ErrorModel {
  double rounding;  ///< u of the learner's scalar
  int hidden, batch;
  double operands = 0;  ///< operand_rounding of the learner's precision

  /// What the learner's scalar costs, of the largest value involved.
  double relative() const { return 2 * rounding * std::sqrt(6.0 * hidden + batch); }

  /// Of a loss: the rows' errors average out, their sum may be in the learner's scalar; values and
  /// log-probs are of order one, also where they cancel. Operands are off by up to u of themselves,
  /// and the weights among them by the same in every row, so that this does not average out: u in
  /// the first product and less in those behind it, two in all.
  double of_loss(double loss) const {
    const double root = std::sqrt(batch);
    return (relative() / root + root * rounding + 2 * operands) * (1 + std::abs(loss));
  }

  /// Of each element of a gradient with so many elements. Rows give terms of order one, and their
  /// mean is of order 1 / sqrt(B). The largest element of many speaks for all, but a few elements
  /// may all happen to be small, and their errors are not. An operand's rounding makes a sum of
  /// many products off by about u of its largest part; the errors of six layers and of the sum over
  /// the batch are independent and spread, and stay near one u together. A tensor's terms may
  /// cancel where those that its error comes from do not (V - target, log-std, what both heads send
  /// back): up to 5.7 u were seen, seven are granted. No ReLU may decide otherwise
  /// (smooth_batch.h).
  double of_gradient(double largest, size_t elements) const {
    return (relative() + 7 * operands) *
           (largest + 1 / (std::sqrt(batch) * static_cast<double>(elements)));
  }

  /// Of what one formula of a few operations makes of given numbers (Adam, soft update, log-prob);
  /// `largest` bounds the terms. It has room for a float's 0.999 or tau not being the double's:
  /// that is off by up to u of one, and so is 1 minus it.
  double of_formula(double largest) const { return 4 * rounding * largest; }
};

/// Of (loss(p + h) - loss(p - h)) / 2h in double. Truncation is h^2 / 6 times the third derivative,
/// which in these smooth regions is of the order of the gradient or of one: 1e-12 each. Rounding is
/// the difference of two losses, each off by the model's share, over 2h.
inline double of_difference(const ErrorModel& model, double loss, double largest_gradient,
                            double h) {
  return h * h * (1 + largest_gradient) + 2 * model.of_loss(loss) / (2 * h);
}

/// The larger of the two; infinite from the first number on that is not one.
inline double larger_error(double error, double difference) {
  if (!std::isfinite(difference)) return std::numeric_limits<double>::infinity();
  return std::max(error, std::abs(difference));
}

/// An error and what is allowed of it.
struct Deviation {
  double error = 0, allowance = 1;

  /// How much of the allowance is used; a right result uses 1 at most.
  double share() const { return error == 0 ? 0 : error / allowance; }

  /// Becomes `other` if that uses more of its allowance.
  void keep_worse(const Deviation& other) {
    if (other.share() >= share()) *this = other;
  }
};

}  // namespace sac::gradcheck
