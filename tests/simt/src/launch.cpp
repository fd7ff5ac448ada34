// Launches: limits first, then every block of the grid in its turn.
#include "simt/launch.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <numeric>
#include <random>

#include "device_limits.h"
#include "findings.h"
#include "machine.h"
#include "runtime_state.h"
#include "worker_pool.h"

namespace simt {
namespace {

bool within(const dim3& size, unsigned x, unsigned y, unsigned z) {
  return size.x >= 1 && size.y >= 1 && size.z >= 1 && size.x <= x && size.y <= y && size.z <= z;
}

/// The error that a real device gives for a launch it refuses.
cudaError_t refusal(const cudaLaunchConfig_t& config, const void* kernel) {
  if (!options().has_code) return cudaErrorNoKernelImageForDevice;
  const dim3& block = config.blockDim;
  if (!within(config.gridDim, 2147483647, 65535, 65535) || !within(block, 1024, 1024, 64) ||
      uint64_t{block.x} * block.y * block.z > kThreadsPerBlock) {
    return cudaErrorInvalidConfiguration;
  }
  const auto& limits = Runtime::instance().shared_limits;
  const auto set = limits.find(kernel);
  const size_t opted_in = set == limits.end() ? 0 : static_cast<size_t>(set->second);
  return config.dynamicSmemBytes > std::max(opted_in, kSharedBytes) ? cudaErrorInvalidValue
                                                                    : cudaSuccess;
}

/// The order in which blocks run, as linear indices.
class BlockOrder {
 public:
  BlockOrder(uint64_t blocks, Order order, uint64_t seed) : blocks_(blocks), order_(order) {
    if (order != Order::random) return;
    shuffled_.resize(blocks);
    std::iota(shuffled_.begin(), shuffled_.end(), uint64_t{0});
    std::shuffle(shuffled_.begin(), shuffled_.end(), std::mt19937_64(seed));
  }

  uint64_t operator[](uint64_t turn) const {
    if (order_ == Order::random) return shuffled_[turn];
    return order_ == Order::reverse ? blocks_ - 1 - turn : turn;
  }

 private:
  uint64_t blocks_;
  Order order_;
  std::vector<uint64_t> shuffled_;
};

uint3 position_in(const dim3& grid, uint64_t linear) {
  return {static_cast<unsigned>(linear % grid.x), static_cast<unsigned>(linear / grid.x % grid.y),
          static_cast<unsigned>(linear / grid.x / grid.y)};
}

/// Calls job on as many host threads as there is work for.
void run_on_workers(uint64_t blocks, const std::function<void()>& job) {
  const int workers = checked() ? 1 : options().workers;  // access histories know one thread only
  if (workers <= 1 || blocks <= 1) {
    job();
    return;
  }
  static std::unique_ptr<WorkerPool> pool;
  if (!pool || pool->threads() != workers) pool = std::make_unique<WorkerPool>(workers);
  pool->run(job);
}

/// Runs the blocks; returns a finding that ended the launch, if any.
std::optional<Finding> run_blocks(const Launch& launch) {
  const uint64_t blocks = uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z;
  const BlockOrder order(blocks, options().blocks, options().seed);
  std::atomic<uint64_t> next = 0;
  std::mutex mutex;
  std::optional<Finding> found;
  run_on_workers(blocks, [&] {
    Machine& machine = Machine::of_this_host_thread();
    machine.begin_launch(launch);
    for (uint64_t turn; (turn = next++) < blocks;) {
      const auto finding = machine.run_block(launch, position_in(launch.grid, order[turn]));
      if (!finding) continue;
      const std::lock_guard lock(mutex);
      found = finding;
      next = blocks;
    }
  });
  return found;
}

cudaError_t run(const Launch& launch) {
  std::optional<Finding> found = run_blocks(launch);
  for (const Region* region : arena().take_damaged()) {
    found = Finding::out_of_bounds;
    report(*found, Place{launch.call->kernel(), {}, {}}, "",
           "the launch wrote next to " + arena().describe(region->begin));
  }
  return found ? error_of(*found) : cudaSuccess;
}

}  // namespace

cudaError_t detail::launch(const cudaLaunchConfig_t& config,
                           std::shared_ptr<const KernelCall> call) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    const cudaError_t refused = refusal(config, call->kernel());
    if (refused != cudaSuccess) return refused;
    const Launch launch{std::move(call), config.gridDim, config.blockDim,
                        static_cast<unsigned>(config.dynamicSmemBytes)};
    return runtime.submit(config.stream,
                          {cudaGraphNodeTypeKernel, [launch] { return run(launch); }});
  });
}

}  // namespace simt

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel) {
  simt::Runtime& runtime = simt::Runtime::instance();
  return runtime.call([&] {
    if (!runtime.options.has_code) return cudaErrorNoKernelImageForDevice;
    constexpr int kVersion = 80;  // of the device that is simulated
    const auto set = runtime.shared_limits.find(kernel);
    const int opted_in = set == runtime.shared_limits.end() ? 0 : set->second;
    *attributes = {simt::kThreadsPerBlock, std::max(opted_in, static_cast<int>(simt::kSharedBytes)),
                   kVersion, kVersion};
    return cudaSuccess;
  });
}

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  simt::Runtime& runtime = simt::Runtime::instance();
  return runtime.call([&] {
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (value < 0 || static_cast<size_t>(value) > simt::shared_bytes_of_block()) {
      return cudaErrorInvalidValue;
    }
    runtime.shared_limits[kernel] = value;
    return cudaSuccess;
  });
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int block_size,
                                                          size_t shared_bytes) {
  return simt::Runtime::instance().call([&] {
    if (block_size < 1 || block_size > simt::kThreadsPerBlock) return cudaErrorInvalidValue;
    const size_t shared = shared_bytes + simt::kReservedSharedBytes;
    *blocks = std::min({simt::kBlocksPerMultiprocessor,
                        simt::kThreadsPerMultiprocessor / ((block_size + 31) / 32 * 32),
                        static_cast<int>(simt::shared_bytes_of_multiprocessor() / shared)});
    return cudaSuccess;
  });
}
