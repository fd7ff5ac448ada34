#include "host/gradcheck/finite_differences.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "host/gradcheck/plain_losses.h"
#include "kernels/random.h"

namespace sac::gradcheck {
namespace {

constexpr size_t kCoordinates = 24;  ///< per tensor

std::vector<size_t> coordinates(const NamedTensor& tensor, uint64_t seed) {
  std::vector<size_t> chosen(std::min(kCoordinates, tensor.size()));
  std::iota(chosen.begin(), chosen.end(), tensor.offset);
  if (tensor.size() <= kCoordinates) return chosen;
  for (uint32_t i = 0; i < kCoordinates; ++i) {
    const uint32_t word = random_word({seed}, Purpose::initialise, i, tensor.offset + 1);
    chosen[i] = tensor.offset + uniform_below(word, static_cast<uint32_t>(tensor.size()));
  }
  return chosen;
}

struct Task {
  Network network;
  size_t at;
  double* derivative;
};

}  // namespace

std::vector<TensorDifferences> finite_differences(const LearnerConfig& config,
                                                  const std::vector<double>& parameters,
                                                  const Batch& batch, const ReportShare& report) {
  std::vector<TensorDifferences> all;
  for (const NamedTensor& tensor : named_parameters(config.shape)) {
    if (is_target(config.shape.algorithm, tensor.network)) continue;
    const std::vector<size_t> at = coordinates(tensor, config.seed);
    all.push_back({tensor, at, std::vector<double>(at.size())});
  }
  std::vector<Task> tasks;
  for (auto& [tensor, at, derivatives] : all) {
    for (size_t i = 0; i < at.size(); ++i) {
      tasks.push_back({tensor.network, at[i], &derivatives[i]});
    }
  }

  std::atomic<size_t> next = 0;
  const auto work = [&](const ReportShare& after_each) {
    std::vector<double> p = parameters;
    for (size_t i = next++; i < tasks.size(); i = next++) {
      const Task& task = tasks[i];
      const auto loss = [&](double value) {
        p[task.at] = value;
        return plain_loss(task.network, config.shape, config.hyper, config.max_action, p, batch);
      };
      const double at = parameters[task.at];
      *task.derivative =
          (loss(at + kDifferenceStep) - loss(at - kDifferenceStep)) / (2 * kDifferenceStep);
      p[task.at] = at;
      after_each(static_cast<double>(i + 1) / static_cast<double>(tasks.size()));
    }
  };
  std::vector<std::jthread> others;  // join at the end
  for (unsigned t = 1; t < std::thread::hardware_concurrency(); ++t)
    others.emplace_back(work, [](double) {});
  work(report);
  others.clear();
  return all;
}

}  // namespace sac::gradcheck
