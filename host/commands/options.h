// Kinds of options that several commands have.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "host/base/parse_number.h"
#include "host/commands/commands.h"
#include "kernels/fused/widths.h"

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

/// Adds --device, --precision and --mlp to `app`. The members of `options`, strings or optional
/// ones, must outlive the parse.
template <class Options>
void add_compute_options(CLI::App& app, Options& options, const ComputeOptions& defaults) {
  const auto add = [&app](const char* name, auto& target, const std::string& help,
                          const std::string& standard) {
    app.add_option(name, target, fmt::format("{} (default: {})", help, standard))
        ->option_text("NAME");
  };
  add("--device", options.device, "auto, cuda or cpu", defaults.device);
  add("--precision", options.precision,
      "Operands of the matrix products: auto, fp32, tf32 or bf16; auto is tf32 on a GPU and fp32 "
      "on the CPU, which has no tf32",
      defaults.precision);
  add("--mlp", options.mlp,
      fmt::format(
          "On a GPU: fused, our kernels for hidden {}, or cublas, the baseline, for any width",
          fused::widths_in_words()),
      defaults.mlp);
}

}  // namespace sac::commands
