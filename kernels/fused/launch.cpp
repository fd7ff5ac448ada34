#include "kernels/fused/launch.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "kernels/fused/instances.h"
#include "kernels/fused/widths.h"

namespace sac::fused {
namespace {

constexpr std::array kPrecisions = {Precision::fp32, Precision::tf32, Precision::bf16};

/// Calls f with the width as std::integral_constant; false if it is none of kWidths.
template <class F, size_t... I>
bool call_with_width(int hidden, const F& f, std::index_sequence<I...>) {
  return ((hidden == kWidths[I] && (f(std::integral_constant<int, kWidths[I]>()), true)) || ...);
}

template <class F>
void with_width(int hidden, const F& f) {
  if (call_with_width(hidden, f, std::make_index_sequence<kWidths.size()>())) return;
  throw std::invalid_argument("hidden must be " + widths_in_words() + " on a GPU, not " +
                              std::to_string(hidden));
}

/// Calls f with the launchers of this width and precision.
template <class F>
void with_fused(int hidden, Precision precision, const F& f) {
  with_width(hidden, [&](auto h) {
    switch (precision) {
      case Precision::fp32:
        return f(Fused<h(), Precision::fp32>());
      case Precision::tf32:
        return f(Fused<h(), Precision::tf32>());
      case Precision::bf16:
        return f(Fused<h(), Precision::bf16>());
    }
  });
}

std::vector<KernelBudget> budgets_of(int hidden, Precision precision) {
  std::vector<KernelBudget> all;
  with_fused(hidden, precision, [&all](auto fused) {
    all = fused.rollout_budgets();
    for (const KernelBudget& b : fused.gradients_budgets()) all.push_back(b);
    all.push_back(fused.update_budget());
  });
  return all;
}

}  // namespace

void launch_rollout(const DeviceState& d, const W2Copies& copies, int steps, bool warm_up,
                    cudaStream_t stream) {
  with_fused(d.shape.hidden, d.precision,
             [&](auto fused) { fused.rollout(d, copies, steps, warm_up, stream); });
}

void launch_gradients(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                      const Scratch& scratch, cudaStream_t stream) {
  with_fused(d.shape.hidden, d.precision,
             [&](auto fused) { fused.gradients(d, copies, given, scratch, stream); });
}

void launch_update(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                   cudaStream_t stream) {
  with_fused(d.shape.hidden, d.precision,
             [&](auto fused) { fused.update(d, copies, scratch, stream); });
}

void launch_evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream) {
  with_width(d.shape.hidden, [&](auto h) { FusedEvaluation<h()>::evaluate(d, results, stream); });
}

std::vector<KernelBudget> kernel_budgets() {
  std::vector<KernelBudget> all;
  const auto add = [&all](const std::vector<KernelBudget>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const int hidden : kWidths) {
    for (const Precision precision : kPrecisions) add(budgets_of(hidden, precision));
    with_width(hidden, [&](auto h) { add(FusedEvaluation<h()>::budgets()); });
  }
  return all;
}

size_t largest_shared_bytes(int hidden, Precision precision) {
  size_t largest = 0;
  for (const KernelBudget& b : budgets_of(hidden, precision)) {
    largest = std::max(largest, b.shared_bytes);
  }
  return largest;
}

}  // namespace sac::fused
