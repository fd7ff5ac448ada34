// What the compiler says of every kernel, against what it was written to need: registers, spills,
// shared memory, and the blocks that share an SM. Reads the reports that the build leaves beside
// the objects (cmake/record_resources.sh), for all architectures that were compiled.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <tuple>
#include <vector>

#include "kernels/fused/launch.h"
#include "tests/gpu/compiled_object.h"

namespace sac {
namespace {

struct CompiledKernel {
  CompiledObject object;
  std::string name;  ///< mangled
  std::string architecture;
  int stack = -1, spill_stores = -1, spill_loads = -1, registers = -1;
};

std::vector<CompiledKernel> read_report(const CompiledObject& object) {
  const std::regex entry("Compiling entry function '(\\w+)' for '(\\w+)'");
  const std::regex memory(
      "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  const std::regex used("Used (\\d+) registers");
  std::vector<CompiledKernel> kernels;
  std::smatch match;
  std::ifstream file(object.path.string() + ".resources");
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, entry)) {
      kernels.push_back({.object = object, .name = match[1], .architecture = match[2]});
    } else if (!kernels.empty() && std::regex_search(line, match, memory)) {
      // Of the kernel, then of functions that it calls: the worst of them counts.
      CompiledKernel& kernel = kernels.back();
      kernel.stack = std::max(kernel.stack, std::stoi(match[1]));
      kernel.spill_stores = std::max(kernel.spill_stores, std::stoi(match[2]));
      kernel.spill_loads = std::max(kernel.spill_loads, std::stoi(match[3]));
    } else if (!kernels.empty() && std::regex_search(line, match, used)) {
      kernels.back().registers = std::stoi(match[1]);
    }
  }
  return kernels;
}

std::vector<CompiledKernel> compiled_kernels() {
  std::vector<CompiledKernel> all;
  for (const CompiledObject& object : compiled_objects()) {
    const std::vector<CompiledKernel> some = read_report(object);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// Blocks that fit an SM with `shared_per_sm` bytes. Registers are given to warps in units of 256,
/// 1 KB of shared memory per block is the system's.
int blocks_that_fit(int threads, int registers, size_t shared, size_t shared_per_sm) {
  const int per_warp = (registers * 32 + 255) / 256 * 256;
  const int by_registers = kRegistersPerSm / (per_warp * (threads / 32));
  const int by_shared = static_cast<int>(shared_per_sm / (shared + 1024));
  return std::min({by_registers, by_shared, 2048 / threads, 32});
}

/// Whether a budget is meant for a kernel. Gradients on tensor cores are compiled for 16 and for
/// 32 rows a block, and kernel_budgets has them in this order.
bool is_meant_for(const KernelBudget& budget, int before_of_its_kind, const CompiledKernel& k) {
  if (k.object.source != budget.source || k.object.hidden != budget.hidden ||
      k.object.precision != budget.precision) {
    return false;
  }
  // The update that stores gradients, kStore = true, has no budget: it is for checks.
  if (k.object.source == "update.cu") return k.name.find("Lb1E") == std::string::npos;
  if (k.object.source != "gradients.cu") return true;
  const std::string tile = "ILi" + std::to_string(budget.hidden) + "ELi" +
                           std::to_string(16 * (before_of_its_kind + 1)) + "E";
  return k.name.find(tile) != std::string::npos;
}

constexpr int kLeastThreads = kThreadsPerSm * 3 / 4;

TEST(CompiledKernels, KeepEverythingInRegisters) {
  const std::vector<CompiledKernel> kernels = compiled_kernels();
  EXPECT_GE(kernels.size(), fused::kernel_budgets().size());
  for (const CompiledKernel& k : kernels) {
    const std::string which = k.name + ", " + k.architecture;
    EXPECT_EQ(k.stack, 0) << which;
    EXPECT_EQ(k.spill_stores, 0) << which;
    EXPECT_EQ(k.spill_loads, 0) << which;
    EXPECT_GT(k.registers, 0) << which;
  }
}

// On an SM with 228 KB (sm_90) every fused kernel gets as many blocks as it was written for: 512
// threads, 384 where a block is one warp (hidden 32), which runs out of registers or shared memory,
// 256 where a thread has twice the registers (gradients on tensor cores) or W2 stays in shared
// memory (bf16, hidden 256). All but the latter fit every GPU since sm_80, and fill half of 512
// threads on one with 164 KB. Rollouts of one warp get a block or two less: their rows' records, as
// long as those of the task with the longest, take as much room as its tile.
TEST(CompiledKernels, FillTheSm) {
  const std::vector<CompiledKernel> kernels = compiled_kernels();
  std::map<std::tuple<std::string, int, Precision>, int> so_far;
  for (const KernelBudget& budget : fused::kernel_budgets()) {
    const int before = so_far[{budget.source, budget.hidden, budget.precision}]++;
    const std::string which = std::string(budget.source) + ", hidden " +
                              std::to_string(budget.hidden) + ", " +
                              precision_name(budget.precision);
    const bool holds_w2 = budget.precision == Precision::bf16 && budget.hidden == 256 &&
                          budget.source != std::string("update.cu");
    EXPECT_LE(budget.shared_bytes, holds_w2 ? kSharedBytesAtMost : kSharedBytesEverywhere) << which;
    const bool wide = budget.precision != Precision::fp32 &&
                      budget.source == std::string("gradients.cu");  // 32 elements a thread
    const bool one_warp = budget.source == std::string("rollout.cu") && budget.threads == 32;
    EXPECT_GE(budget.blocks * budget.threads,
              holds_w2 || wide ? kThreadsPerSm / 2 : kLeastThreads - (one_warp ? 64 : 0))
        << which;
    int seen = 0;
    for (const CompiledKernel& k : kernels) {
      if (!is_meant_for(budget, before, k)) continue;
      ++seen;
      const auto blocks_on = [&](size_t shared_per_sm) {
        return blocks_that_fit(budget.threads, k.registers, budget.shared_bytes, shared_per_sm);
      };
      EXPECT_GE(blocks_on(228 * 1024), budget.blocks) << k.name;
      if (holds_w2) continue;
      EXPECT_GE(blocks_on(164 * 1024) * budget.threads, kThreadsPerSm / 2 - (one_warp ? 32 : 0))
          << k.name;
    }
    EXPECT_GT(seen, 0) << "no report of " << which;
  }
}

}  // namespace
}  // namespace sac
