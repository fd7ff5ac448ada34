#include "host/diagnostics/diagnostics.h"

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "kernels/random.h"

namespace sac::diagnostics {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Array = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class Networks {
 public:
  Networks(const Shape& shape, std::span<const double> parameters)
      : shape_(shape), parameters_(parameters) {}

  /// One row per row of `x`.
  Matrix outputs(Network n, const Matrix& x) const {
    const NetworkLayout l = network_layout(shape_, n);
    const Matrix h1 = layer(x, l.w1, l.b1, l.hidden).cwiseMax(0);
    const Matrix h2 = layer(h1, l.w2, l.b2, l.hidden).cwiseMax(0);
    return layer(h2, l.w3, l.b3, l.out);
  }

  /// Q1 and Q2, a column each.
  Array q(const Matrix& obs, const Matrix& action) const {
    Matrix input(obs.rows(), obs.cols() + action.cols());
    input << obs, action;
    Array both(obs.rows(), 2);
    both << outputs(Network::q1, input), outputs(Network::q2, input);
    return both;
  }

 private:
  Matrix layer(const Matrix& x, size_t weight, size_t bias, int out) const {
    using Doubles = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Doubles> w(&parameters_[weight], out, x.cols());
    const Eigen::Map<const Eigen::RowVectorXd> b(&parameters_[bias], out);
    Matrix y = x * w.cast<float>().transpose();
    y.rowwise() += b.cast<float>();
    return y;
  }

  Shape shape_;
  std::span<const double> parameters_;
};

Array noise_of(const LearnerConfig& c, int agent, Eigen::Index rows, int64_t update) {
  Array noise(rows, c.shape.act);
  for (Eigen::Index i = 0; i < noise.size(); ++i) {
    noise.data()[i] = random_normal<float>({c.seed + agent}, Purpose::policy_noise,
                                           static_cast<uint32_t>(i), update);
  }
  return noise;
}

}  // namespace

Diagnostics diagnose(const LearnerConfig& c, int agent, std::span<const double> parameters,
                     std::span<const float> records, int64_t update) {
  const RecordLayout r = record_layout(c.shape);
  const auto rows = static_cast<Eigen::Index>(records.size() / r.size);
  if (rows == 0) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone, kNone, kNone, kNone, kNone, kNone};
  }
  const Eigen::Map<const Matrix> all(records.data(), rows, r.size);
  const Matrix obs = all.leftCols(c.shape.obs);
  const Networks networks(c.shape, parameters);

  const Array heads = networks.outputs(Network::pi, obs).array();
  const Array head = heads.rightCols(c.shape.act);
  const auto low = static_cast<float>(c.hyper.log_std.low);
  const auto high = static_cast<float>(c.hyper.log_std.high);
  const Array mean = heads.leftCols(c.shape.act), log_std = head.max(low).min(high);
  const auto sample = tanh_gaussian_sample(mean, log_std, noise_of(c, agent, rows, update),
                                           static_cast<float>(c.max_action));
  const Array log_prob = sample.log_prob.rowwise().sum();

  const Array taken = networks.q(obs, all.middleCols(r.action, c.shape.act));
  const Array sampled = networks.q(obs, sample.action.matrix());
  double v_residual = 0, alpha = 1;
  if (c.shape.algorithm == Algorithm::sac_v1) {
    const Array target = sampled.rowwise().minCoeff() - log_prob;  // eq. 5
    v_residual = (networks.outputs(Network::v, obs).array() - target).abs().mean();
  } else {
    alpha = std::exp(parameters[log_alpha_offset(c.shape)]);
  }

  return {.entropy = -log_prob.mean(),
          .saturated_actions = (sample.tanh_u.abs() > 0.99f).cast<float>().mean(),
          .log_std_at_bounds = (head < low || head > high).cast<float>().mean(),
          .q = taken.rowwise().minCoeff().mean(),
          .q_gap = (taken.col(0) - taken.col(1)).abs().mean(),
          .v_residual = v_residual,
          .alpha = alpha};
}

std::vector<float> state_values(const Shape& shape, double max_action,
                                std::span<const double> parameters, std::span<const float> obs) {
  const auto rows = static_cast<Eigen::Index>(obs.size() / shape.obs);
  const Eigen::Map<const Matrix> all(obs.data(), rows, shape.obs);
  const Networks networks(shape, parameters);
  Matrix v;
  if (shape.algorithm == Algorithm::sac_v1) {
    v = networks.outputs(Network::v, all);
  } else {
    const Matrix mean = networks.outputs(Network::pi, all).leftCols(shape.act);
    const Array action = static_cast<float>(max_action) * mean.array().tanh();
    v = networks.q(all, action.matrix()).rowwise().minCoeff().matrix();
  }
  return {v.data(), v.data() + v.size()};
}

}  // namespace sac::diagnostics
