// The losses of one batch, written straight from the paper's equations with plain loops in
// double. Slow, and sharing nothing with the learners but the layout of the parameters: their
// finite differences are what the learners' gradients are checked against (tests and `sac_cuda
// gradcheck`).
#pragma once

#include <vector>

#include "host/base/learner.h"

namespace sac::gradcheck {

/// `parameters` in the layout of kernels/layout.h (agent_stride elements), `batch` with its noise.
/// Each loss is to be differentiated with respect to its own network only: J_V by v, J_pi by pi,
/// J_Q1 by q1, J_Q2 by q2, J_alpha by log_alpha; the targets are constants.
Losses plain_losses(const Shape& shape, const Hyperparameters& hyper, double max_action,
                    const std::vector<double>& parameters, const Batch& batch);

/// One of them alone, that of a network that learns, or of log_alpha.
double plain_loss(Network network, const Shape& shape, const Hyperparameters& hyper,
                  double max_action, const std::vector<double>& parameters, const Batch& batch);

/// How far one row of the batch is from the nearest point where a loss is not smooth: the smallest
/// magnitude of all ReLU inputs, of Q1 - Q2 at the policy's actions, the targets' too, and of
/// log-std from either end of its range. A change of the parameters that moves none of these as far
/// crosses no kink.
double distance_to_kink(const Shape& shape, const Hyperparameters& hyper, double max_action,
                        const std::vector<double>& parameters, const Batch& batch, int row);

}  // namespace sac::gradcheck
