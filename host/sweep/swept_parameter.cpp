#include "host/sweep/swept_parameter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "host/base/limits.h"
#include "host/base/parse_number.h"
#include "host/base/usage_error.h"

namespace sac::sweep {
namespace {

/// What lives in Hyperparameters: agents of one launch may differ in it.
struct SweptOption {
  const char* name;  ///< on the command line
  std::optional<double> training::TrainOptions::*option;
  Range<double> range;
};

constexpr SweptOption kOptions[] = {
    {"policy-lr", &training::TrainOptions::policy_lr, allowed::learning_rate},
    {"value-lr", &training::TrainOptions::value_lr, allowed::learning_rate},
    {"gamma", &training::TrainOptions::gamma, allowed::gamma},
    {"tau", &training::TrainOptions::tau, allowed::tau},
    {"reward-scale", &training::TrainOptions::reward_scale, allowed::reward_scale},
    {"target-entropy", &training::TrainOptions::target_entropy, allowed::target_entropy},
};

std::string with(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

const SweptOption& option_of(const std::string& name) {
  const std::string dashed = with(name, '_', '-');
  const auto found = std::ranges::find(kOptions, dashed, &SweptOption::name);
  if (found != std::end(kOptions)) return *found;
  throw UsageError(fmt::format("--set {}: cannot be swept; expected {}", name, options_to_sweep()));
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  if (text.empty() || text.back() == separator) parts.emplace_back();
  return parts;
}

void read_range(SweptParameter& parameter, const std::string& text) {
  const auto fail = [&](const char* expected) {
    throw UsageError(fmt::format("--set {}={}: expected {}", parameter.name, text, expected));
  };
  const std::vector<std::string> parts = split(text, ':');
  parameter.logarithmic = parts.size() == 3 && parts[2] == "log";
  if (parts.size() != 2 && !parameter.logarithmic) fail("LOW:HIGH or LOW:HIGH:log");
  parameter.low = parse_swept_value(parameter.name, parts[0]);
  parameter.high = parse_swept_value(parameter.name, parts[1]);
  if (parameter.low >= parameter.high) fail("a low end below the high one");
  if (parameter.logarithmic && parameter.low <= 0) fail("a low end above 0 for log");
}

double six_digits(double x) {
  return std::strtod(fmt::format("{:.6g}", x).c_str(), nullptr);
}

}  // namespace

double SweptParameter::at(double u) const {
  if (!values.empty()) return values[static_cast<size_t>(u * static_cast<double>(values.size()))];
  const double x = logarithmic ? low * std::pow(high / low, u) : low + u * (high - low);
  return std::clamp(six_digits(x), low, high);
}

SweptParameter parse_swept_parameter(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw UsageError(fmt::format(
        "--set {}: expected NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=VALUE,VALUE,...", text));
  }
  SweptParameter parameter{.name = swept_name(text.substr(0, equals))};
  const std::string rest = text.substr(equals + 1);
  if (rest.find(':') != std::string::npos) {
    read_range(parameter, rest);
  } else {
    for (const std::string& value : split(rest, ',')) {
      parameter.values.push_back(parse_swept_value(parameter.name, value));
    }
  }
  return parameter;
}

double parse_swept_value(const std::string& name, const std::string& text) {
  const SweptOption& option = option_of(name);
  return parse_number<double>(fmt::format("--set {}", option.name), text, option.range);
}

std::string swept_name(const std::string& option) {
  return with(option_of(option).name, '-', '_');
}

std::optional<double>& swept_option(training::TrainOptions& options, const std::string& name) {
  return options.*option_of(name).option;
}

std::string options_to_sweep() {
  std::string words;
  for (const SweptOption& option : kOptions) {
    const bool last = &option == std::end(kOptions) - 1;
    words += fmt::format("{}{}", words.empty() ? "" : last ? " or " : ", ", option.name);
  }
  return words;
}

}  // namespace sac::sweep
