#include "host/training/loss_warning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/environments.h"
#include "host/base/named_losses.h"

namespace sac::training {

double largest_plausible_loss(const LearnerConfig& config) {
  constexpr double kLongestHorizon = 1e4;  // where gamma is 1
  constexpr double kFactor = 100;
  const double horizon = 1 / std::max(1 - config.hyper.gamma, 1 / kLongestHorizon);
  const double value =
      config.hyper.reward_scale * environment_info(config.environment).largest_reward * horizon;
  return kFactor * std::max(1.0, value * value);
}

std::string loss_warning(const LearnerConfig& config, const RunRecord& record) {
  const double limit = largest_plausible_loss(config);
  for (size_t p = 0; p < record.agents.size(); ++p) {
    for (const NamedLoss& named : named_losses(config.shape.algorithm)) {
      const double loss = record.agents[p].losses.*named.value;
      if (std::isfinite(loss) && std::abs(loss) > limit) {
        return fmt::format(
            "warning: loss {} of agent {} is {:.1e} after {} updates, more than rewards explain: "
            "training blows up; a smaller --value-lr, --policy-lr or --tau may help",
            named.name, p, loss, record.updates);
      }
    }
  }
  return "";
}

}  // namespace sac::training
