// An option of train that a sweep varies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/training/config.h"

namespace sac::sweep {

/// Either a list of values or a range.
struct SweptParameter {
  std::string name;              ///< as in config.json, "policy_lr"
  std::vector<double> values{};  ///< the list; empty: a range
  double low = 0, high = 0;      ///< the range's ends
  bool logarithmic = false;      ///< spaced by ratios

  /// The value that lies the share `u` in [0, 1) of the way through the list or the range; from a
  /// range to six significant digits, so that text holds all of it.
  double at(double u) const;
};

/// "policy-lr=1e-4:1e-2:log", "gamma=0.9:0.99" or "tau=0.005,0.02,0.1". Throws UsageError for what
/// is none of these, for an option that cannot be swept, and for a value that train would not take.
SweptParameter parse_swept_parameter(const std::string& text);

/// `text` as a value of the swept option `name`, either spelling. Throws as above.
double parse_swept_value(const std::string& name, const std::string& text);

/// With underscores, as in config.json. Throws UsageError for an option that cannot be swept.
std::string swept_name(const std::string& option);

/// The option of that name.
std::optional<double>& swept_option(training::TrainOptions& options, const std::string& name);

/// "policy-lr, value-lr, ... or reward-scale".
std::string options_to_sweep();

}  // namespace sac::sweep
