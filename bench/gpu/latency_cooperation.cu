// What needs nvcc and, but for grids, sm_90; the SIMT emulator has no such thing.
#include <cooperative_groups.h>
#include <cuda_runtime.h>

#include <array>
#include <string>

#include "bench/gpu/latency.h"
#include "kernels/gpu/cuda_error.h"
#include "kernels/sac/initialise.h"

namespace sac::bench {
namespace {

namespace cg = cooperative_groups;

constexpr int kThreads = 256;
constexpr int kHopper = 90;  ///< the architecture that clusters and programmatic launch came with

__global__ void __launch_bounds__(kThreads) empty_kernel() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;");
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

__global__ void __launch_bounds__(kThreads) grid_sync_kernel(int rounds) {
  for (int i = 0; i < rounds; ++i) cg::this_grid().sync();
}

__global__ void __launch_bounds__(kThreads) cluster_sync_kernel(int rounds) {
#if __CUDA_ARCH__ >= 900
  for (int i = 0; i < rounds; ++i) cg::this_cluster().sync();
#endif
}

/// One thread of each block follows indices through the next block's shared memory.
__global__ void __launch_bounds__(kThreads) remote_load_kernel(int hops, int* last) {
#if __CUDA_ARCH__ >= 900
  constexpr int kWords = 64;
  __shared__ int next[kWords];
  const auto cluster = cg::this_cluster();
  if (threadIdx.x < kWords) next[threadIdx.x] = (static_cast<int>(threadIdx.x) + 37) % kWords;
  cluster.sync();
  if (threadIdx.x == 0) {
    const unsigned other = (cluster.block_rank() + 1) % cluster.num_blocks();
    const int* const remote = cluster.map_shared_rank(next, other);
    int at = 0;
    for (int i = 0; i < hops; ++i) at = remote[at];
    *last = at;
  }
  cluster.sync();  // its neighbour still reads
#endif
}

template <class... Parameters, class... Arguments>
void launch_with(const cudaLaunchAttribute& attribute, void (*kernel)(Parameters...), int blocks,
                 const Stopwatch& stopwatch, Arguments... arguments) {
  cudaLaunchAttribute attributes[] = {attribute};
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(blocks));
  config.blockDim = dim3(kThreads);
  config.stream = stopwatch.stream().get();
  config.attrs = attributes;
  config.numAttrs = 1;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), "launch with an attribute");
}

cudaLaunchAttribute programmatic(bool allowed) {
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
  attribute.val.programmaticStreamSerializationAllowed = allowed ? 1 : 0;
  return attribute;
}

cudaLaunchAttribute cooperative() {
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeCooperative;
  attribute.val.cooperative = 1;
  return attribute;
}

cudaLaunchAttribute cluster_of(int blocks) {
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeClusterDimension;
  attribute.val.clusterDim = {static_cast<unsigned>(blocks), 1, 1};
  return attribute;
}

/// Clusters of so many blocks, each with nearly all of an SM's shared memory, that run at a time.
int active_clusters(int blocks, int shared_bytes) {
  check(
      cudaFuncSetAttribute(cluster_sync_kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
      "cudaFuncSetAttribute");
  check(cudaFuncSetAttribute(cluster_sync_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                             shared_bytes),
        "cudaFuncSetAttribute");
  cudaLaunchAttribute attributes[] = {cluster_of(blocks)};
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(blocks));
  config.blockDim = dim3(kThreads);
  config.dynamicSmemBytes = static_cast<size_t>(shared_bytes);
  config.attrs = attributes;
  config.numAttrs = 1;
  int clusters = 0;
  check(cudaOccupancyMaxActiveClusters(&clusters, cluster_sync_kernel, &config),
        "cudaOccupancyMaxActiveClusters");
  return clusters;
}

/// A row; where CUDA refuses, one that says so.
template <class Add>
void add_or_say(const std::string& what, const std::string& which, LatencyRows& rows,
                const Add& add) {
  try {
    add();
  } catch (const CudaError& error) {
    rows.leave_out(what, which, error.what());
  }
}

void add_nodes(const Stopwatch& stopwatch, int sms, bool hopper, LatencyRows& rows) {
  constexpr char kWhat[] = "node of a graph, empty kernel";
  for (const int blocks : {1, sms}) {
    for (const bool allowed : {false, true}) {
      const std::string which = std::to_string(blocks) + (blocks == 1 ? " block" : " blocks") +
                                (allowed ? ", programmatic launch" : "");
      if (allowed && !hopper) {
        rows.leave_out(kWhat, which, "needs sm_90");
        continue;
      }
      const auto submit = [&] {
        launch_with(programmatic(allowed), empty_kernel, blocks, stopwatch);
      };
      add_or_say(kWhat, which, rows, [&] { rows.add(kWhat, which, 1, stopwatch.hot(submit)); });
    }
  }
}

void add_clusters(const Stopwatch& stopwatch, int sms, LatencyRows& rows) {
  constexpr int kRounds = 1 << 12;
  for (const int blocks : {2, 4, 8}) {
    constexpr char kWhat[] = "barrier of a cluster";
    const std::string which = "clusters of " + std::to_string(blocks);
    const int grid = sms / 2 / blocks * blocks;
    const auto submit = [&] {
      launch_with(cluster_of(blocks), cluster_sync_kernel, grid, stopwatch, kRounds);
    };
    add_or_say(kWhat, which, rows,
               [&] { rows.add(kWhat, which, kRounds, stopwatch.cold(submit)); });
  }
  constexpr char kLoad[] = "load from another block's shared memory", kOfFour[] = "clusters of 4";
  const cuda::DeviceArray<int> last(1);
  const auto submit = [&] {
    launch_with(cluster_of(4), remote_load_kernel, 4, stopwatch, kRounds, last.data());
  };
  add_or_say(kLoad, kOfFour, rows,
             [&] { rows.add(kLoad, kOfFour, kRounds, stopwatch.cold(submit)); });
}

void add_active_clusters(LatencyRows& rows) {
  constexpr char kWhat[] = "clusters that run at a time";
  for (const int blocks : {2, 4, 8, 16}) {
    for (const int kilobytes : {99, 194, 227}) {
      const std::string which =
          std::to_string(blocks) + " blocks of " + std::to_string(kilobytes) + " KB";
      add_or_say(kWhat, which, rows,
                 [&] { rows.add_count(kWhat, which, active_clusters(blocks, kilobytes * 1024)); });
    }
  }
}

}  // namespace

void add_cooperation_latencies(const Stopwatch& stopwatch, bool tiny, LatencyRows& rows) {
  int sms = 0;
  check(cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, 0), "cudaDeviceGetAttribute");
  cudaFuncAttributes code{};
  check(find_code(code), "cudaFuncGetAttributes");
  const bool hopper = code.ptxVersion >= kHopper;
  add_nodes(stopwatch, sms, hopper, rows);
  const int rounds = tiny ? 1 << 4 : 1 << 10;
  for (const int blocks : {sms / 2, sms}) {
    constexpr char kWhat[] = "barrier of the grid";
    const std::string which = std::to_string(blocks) + " blocks";
    const auto submit = [&] {
      launch_with(cooperative(), grid_sync_kernel, blocks, stopwatch, rounds);
    };
    add_or_say(kWhat, which, rows, [&] { rows.add(kWhat, which, rounds, stopwatch.cold(submit)); });
  }
  if (hopper) {
    add_clusters(stopwatch, sms, rows);
    add_active_clusters(rows);
  } else {
    rows.leave_out("clusters", "", "need sm_90");
  }
}

}  // namespace sac::bench
