#include "bench/gpu/selection.h"

#include <algorithm>
#include <array>

#include "host/base/usage_error.h"

namespace sac::bench {
namespace {

constexpr std::array<std::string_view, 7> kTables = {"checks",  "ceilings", "kernels", "normals",
                                                     "latency", "training", "startup"};
constexpr std::array<std::string_view, 5> kKernels = {"gradients", "update", "gradient step",
                                                      "rollout", "evaluation"};

bool is_kernel(std::string_view name) {
  return std::ranges::find(kKernels, name) != kKernels.end();
}

}  // namespace

Selection::Selection(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_) {
    if (is_kernel(name) || std::ranges::find(kTables, name) != kTables.end()) continue;
    throw UsageError("--only " + name + ": expected one of " + selectable_names());
  }
}

bool Selection::names(std::string_view name) const {
  return std::ranges::find(names_, name) != names_.end();
}

bool Selection::has_table(std::string_view key) const {
  return names_.empty() || names(key) ||
         (key == "kernels" && std::ranges::any_of(names_, is_kernel));
}

bool Selection::has_kernel(std::string_view name) const {
  return names_.empty() || names("kernels") || names(name);
}

std::string selectable_names() {
  std::string all;
  for (const std::string_view name : kTables) all += std::string(name) + ", ";
  for (const std::string_view name : kKernels) {
    all += std::string(name) + (name == kKernels.back() ? "" : ", ");
  }
  return all;
}

}  // namespace sac::bench
