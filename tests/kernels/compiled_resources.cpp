// What the compiler says of every kernel, against what it was written to need: registers, spills,
// shared memory, and the blocks that share an SM. Reads the reports that the build leaves beside
// the objects (cmake/record_resources.sh), for all architectures that were compiled.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "kernels/launch.h"

namespace sac {
namespace {

struct CompiledKernel {
  std::string source;  ///< "gradients.cu"
  int hidden = 0;      ///< 0: compiled once for all widths
  std::string name;    ///< mangled
  std::string architecture;
  int stack = -1, spill_stores = -1, spill_loads = -1, registers = -1;
};

std::vector<CompiledKernel> read_report(const std::filesystem::path& path) {
  const std::regex entry("Compiling entry function '(\\w+)' for '(\\w+)'");
  const std::regex memory(
      "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  const std::regex used("Used (\\d+) registers");
  const std::regex width("sac_kernels_(\\d+)\\.dir");
  std::vector<CompiledKernel> kernels;
  std::smatch match;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, entry)) {
      CompiledKernel kernel;
      kernel.source = path.stem().stem().string();  // without .o.resources
      kernel.name = match[1];
      kernel.architecture = match[2];
      const std::string place = path.string();
      if (std::regex_search(place, match, width)) kernel.hidden = std::stoi(match[1]);
      kernels.push_back(kernel);
    } else if (!kernels.empty() && std::regex_search(line, match, memory)) {
      kernels.back().stack = std::stoi(match[1]);
      kernels.back().spill_stores = std::stoi(match[2]);
      kernels.back().spill_loads = std::stoi(match[3]);
    } else if (!kernels.empty() && std::regex_search(line, match, used)) {
      kernels.back().registers = std::stoi(match[1]);
    }
  }
  return kernels;
}

std::vector<CompiledKernel> compiled_kernels() {
  std::vector<CompiledKernel> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SAC_KERNEL_OBJECTS)) {
    if (entry.path().extension() != ".resources") continue;
    const std::vector<CompiledKernel> some = read_report(entry.path());
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

TEST(CompiledKernels, KeepEverythingInRegisters) {
  const std::vector<CompiledKernel> kernels = compiled_kernels();
  EXPECT_GE(kernels.size(), kernel_budgets().size());
  for (const CompiledKernel& k : kernels) {
    const std::string which = k.name + ", " + k.architecture;
    EXPECT_EQ(k.stack, 0) << which;
    EXPECT_EQ(k.spill_stores, 0) << which;
    EXPECT_EQ(k.spill_loads, 0) << which;
    EXPECT_GT(k.registers, 0) << which;
    EXPECT_LE(k.registers, kRegisterBudget) << which;
  }
}

// At hidden 256 an SM with 228 KB (sm_90) holds all 512 threads. Narrow tiles need more shared
// memory per thread; they and an SM with 164 KB (sm_80) reach half of that at least.
TEST(CompiledKernels, FillTheSm) {
  const std::vector<CompiledKernel> kernels = compiled_kernels();
  for (const KernelBudget& budget : kernel_budgets()) {
    EXPECT_LE(budget.shared_bytes, kSharedBytesPerBlock) << budget.source << budget.hidden;
    int seen = 0;
    for (const CompiledKernel& k : kernels) {
      if (k.source != budget.source || k.hidden != budget.hidden) continue;
      ++seen;
      const auto threads_on = [&](size_t shared_per_sm) {
        return budget.threads *
               blocks_that_fit(budget.threads, k.registers, budget.shared_bytes, shared_per_sm);
      };
      if (k.hidden == 256) {
        EXPECT_GE(threads_on(228 * 1024), kThreadsPerSm) << k.name;
      }
      EXPECT_GE(threads_on(164 * 1024), kThreadsPerSm / 2) << k.name;
    }
    EXPECT_GT(seen, 0) << "no report of " << budget.source << " for hidden " << budget.hidden;
  }
}

}  // namespace
}  // namespace sac
