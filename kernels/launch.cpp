#include "kernels/launch.h"

#include <stdexcept>
#include <string>

#include "kernels/instances.h"

namespace sac {
namespace {

/// Calls f with the launchers of the given width.
template <class F>
void with_width(int hidden, const F& f) {
  switch (hidden) {
    case 32:
      return f(Fused<32>());
    case 64:
      return f(Fused<64>());
    case 128:
      return f(Fused<128>());
    case 256:
      return f(Fused<256>());
    default:
      throw std::invalid_argument("hidden must be 32, 64, 128 or 256 on a GPU, not " +
                                  std::to_string(hidden));
  }
}

}  // namespace

bool is_fused(int hidden) {
  return hidden == 32 || hidden == 64 || hidden == 128 || hidden == 256;
}

void launch_rollout(const DeviceState& d, int steps, bool warm_up, cudaStream_t stream) {
  with_width(d.shape.hidden, [&](auto fused) { fused.rollout(d, steps, warm_up, stream); });
}

void launch_gradients(const DeviceState& d, const GivenBatch& given, cudaStream_t stream) {
  with_width(d.shape.hidden, [&](auto fused) { fused.gradients(d, given, stream); });
}

void launch_update(const DeviceState& d, cudaStream_t stream) {
  with_width(d.shape.hidden, [&](auto fused) { fused.update(d, stream); });
}

void launch_evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream) {
  with_width(d.shape.hidden, [&](auto fused) { fused.evaluate(d, results, stream); });
}

std::vector<KernelBudget> kernel_budgets() {
  std::vector<KernelBudget> all;
  const auto add = [&all](const std::vector<KernelBudget>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const int hidden : {32, 64, 128, 256}) {
    with_width(hidden, [&](auto fused) {
      add(fused.rollout_budgets());
      add({fused.gradients_budget(), fused.update_budget()});
      add(fused.evaluate_budgets());
    });
  }
  return all;
}

}  // namespace sac
