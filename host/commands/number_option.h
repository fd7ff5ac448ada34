// Options that take a number and say what is allowed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "host/base/parse_number.h"

namespace sac::commands {

/// Adds `name` to `app`: text in `range` goes into `target` (a T or an optional T, which must
/// outlive the parse), anything else is a UsageError. `help` should state the default.
template <class T, class Target>
CLI::Option* add_number(CLI::App& app, const std::string& name, Target& target, Range<T> range,
                        const std::string& help) {
  const auto store = [name, range, &target](const std::string& text) {
    target = parse_number<T>(name, text, range);
  };
  return app.add_option_function<std::string>(name, store, help)
      ->option_text(std::is_integral_v<T> ? "N" : "X");
}

}  // namespace sac::commands
