// --device, --precision and --mlp: where a learner computes, and how it multiplies.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

namespace sac::commands {

/// Adds the three options to `app`. The strings, which must outlive the parse, hold the defaults.
inline void add_compute_options(CLI::App& app, std::string& device, std::string& precision,
                                std::string& mlp) {
  const auto add = [&app](const char* name, std::string& target, const char* help) {
    app.add_option(name, target, fmt::format("{} (default: {})", help, target))
        ->option_text("NAME");
  };
  add("--device", device, "auto, cuda or cpu");
  add("--precision", precision,
      "Operands of the matrix products: auto, fp32, tf32 or bf16; auto is tf32 on a GPU and fp32 "
      "on the CPU, which has no tf32");
  add("--mlp", mlp,
      "On a GPU: fused, our kernels for hidden 32, 64, 128 and 256, or cublas, the baseline, for "
      "any width");
}

}  // namespace sac::commands
