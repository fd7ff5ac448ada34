#include <cuda_runtime.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "bench/gpu/latency.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/ptx.cuh"
#include "kernels/gpu/shared_storage.cuh"

namespace sac::bench {
namespace {

/// Each multiply-add needs the one before. *never is written if the sum is negative.
__global__ void __launch_bounds__(32) fma_chain_kernel(float factor, int steps, float* never) {
  float x = static_cast<float>(threadIdx.x);
#pragma unroll 16
  for (int i = 0; i < steps; ++i) x = fmaf(x, factor, 1.0f);
  if (x < 0) *never = x;
}

/// Follows indices: each load needs the one before.
__global__ void __launch_bounds__(32) chase_kernel(const int* next, int hops, int* last) {
  int at = 0;
#pragma unroll 8
  for (int i = 0; i < hops; ++i) at = next[at];
  *last = at;
}

constexpr int kThreads = 256;

struct Words {
  static constexpr int kCount = 1024;
  uint4 word[kCount];
};

/// Which of the 16-byte words that a warp loads at once a lane wants.
enum class Pattern { distinct, eight, paired };

/// Loads of 16 bytes that do not wait for each other, eight of a round from fixed distances: little
/// else is issued. *never is written if the words are not all zero.
template <Pattern pattern>
__global__ void __launch_bounds__(kThreads) shared_load_kernel(int rounds, unsigned* never) {
  Words& s = shared_storage<Words>();
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32;
  for (int i = thread; i < Words::kCount; i += kThreads) s.word[i] = make_uint4(0, 0, 0, 0);
  __syncthreads();
  const int at = pattern == Pattern::distinct ? lane
                 : pattern == Pattern::eight  ? lane % 8
                                              : lane / 2;
  unsigned bits = 0;
  for (int round = 0; round < rounds; ++round) {
    const uint4* const words = &s.word[at + round % 4 * 8 * 32];
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      const uint4 word = words[32 * i];
      bits ^= word.x ^ word.y ^ word.z ^ word.w;
    }
  }
  if (bits != 0) *never = bits;
}

constexpr int kSliceWords = 1024;  ///< 16 KB: 16 rows of a W2 of hidden 256 in fp32

template <int kStages>
struct Ring {
  float4 slices[kStages][kSliceWords];
};

/// Starts copying this slice, the array read round and round. Without a slice an empty group.
template <int kStages>
__device__ void start_copy(Ring<kStages>& s, const float4* from, int slices, int slice, int end) {
  if (slice < end) {
    const float4* const source = &from[static_cast<ptrdiff_t>(slice % slices) * kSliceWords];
    for (int i = static_cast<int>(threadIdx.x); i < kSliceWords; i += kThreads) {
      cp_async_16(&s.slices[slice % kStages][i], &source[i]);
    }
  }
  cp_async_commit();
}

/// A ring of slices on their way from L2 to shared memory; of each that has come a thread reads one
/// word.
template <int kStages>
__global__ void __launch_bounds__(kThreads)
    ring_kernel(const float4* from, int slices, int end, float* never) {
  Ring<kStages>& s = shared_storage<Ring<kStages>>();
  float sum = 0;
  for (int slice = 0; slice < kStages - 1; ++slice) start_copy(s, from, slices, slice, end);
  for (int slice = 0; slice < end; ++slice) {
    cp_async_wait<kStages - 2>();
    __syncthreads();
    sum += s.slices[slice % kStages][threadIdx.x].x;
    start_copy(s, from, slices, slice + kStages - 1, end);
  }
  cp_async_wait<0>();
  if (sum < 0) *never = sum;
}

cudaDeviceProp properties() {
  cudaDeviceProp gpu;
  check(cudaGetDeviceProperties(&gpu, 0), "cudaGetDeviceProperties");
  return gpu;
}

/// One cycle through all lines of 128 bytes, in an order that no prefetcher knows.
std::vector<int> one_cycle(int lines) {
  constexpr int kLine = 32;
  std::vector<int> order(lines), next(static_cast<size_t>(lines) * kLine);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin() + 1, order.end(), std::mt19937(1));
  for (int i = 0; i < lines; ++i) {
    next[static_cast<size_t>(order[i]) * kLine] = order[(i + 1) % lines] * kLine;
  }
  return next;
}

Samples fma_chain(const Stopwatch& stopwatch, int steps) {
  const cuda::DeviceArray<float> never(1);
  return stopwatch.hot([&] {
    launch<NoShared>("fma chain", fma_chain_kernel, dim3(1), 32, stopwatch.stream().get(), 0.5f,
                     steps, never.data());
  });
}

void add_chase(const Stopwatch& stopwatch, int lines, LatencyRows& rows) {
  const std::vector<int> cycle = one_cycle(lines);
  cuda::DeviceArray<int> next(cycle.size());
  next.upload(cycle);
  const cuda::DeviceArray<int> last(1);
  rows.add("load from L2", "pointer chase", lines, stopwatch.hot([&] {
    launch<NoShared>("pointer chase", chase_kernel, dim3(1), 32, stopwatch.stream().get(),
                     next.data(), lines, last.data());
  }));
}

template <Pattern pattern>
void add_shared_loads(const Stopwatch& stopwatch, const char* which, int rounds,
                      LatencyRows& rows) {
  const cuda::DeviceArray<unsigned> never(1);
  rows.add("warp's load of 16 bytes a lane from shared memory", which,
           8.0 * rounds * (kThreads / 32), stopwatch.hot([&] {
             launch<Words>("shared loads", shared_load_kernel<pattern>, dim3(1), kThreads,
                           stopwatch.stream().get(), rounds, never.data());
           }));
}

template <int kStages>
void add_ring(const Stopwatch& stopwatch, const cuda::DeviceArray<float4>& from, int blocks,
              int end, LatencyRows& rows) {
  constexpr char kWhat[] = "slice of 16 KB by cp.async, all SMs";
  const std::string which = std::to_string(kStages) + " stages";
  if (sizeof(Ring<kStages>) > properties().sharedMemPerBlockOptin) {
    return rows.leave_out(kWhat, which, "too little shared memory");
  }
  const cuda::DeviceArray<float> never(1);
  rows.add(kWhat, which, end, stopwatch.hot([&] {
    launch<Ring<kStages>>("ring", ring_kernel<kStages>, dim3(static_cast<unsigned>(blocks)),
                          kThreads, stopwatch.stream().get(), from.data(),
                          static_cast<int>(from.size()) / kSliceWords, end, never.data());
  }));
}

}  // namespace

void add_memory_latencies(const Stopwatch& stopwatch, bool tiny, LatencyRows& rows) {
  const cudaDeviceProp gpu = properties();
  const int chain = tiny ? 64 : 1 << 18;
  const Samples fma = fma_chain(stopwatch, chain);
  constexpr double kFmaCycles = 4;
  rows.set_cycle(1e3 * fma.median() / chain / kFmaCycles);
  rows.add("fma", "each needs the one before", chain, fma);

  constexpr int kMostLines = 1 << 16;  // 8 MB, many times L1
  add_chase(stopwatch, tiny ? 64 : std::min(kMostLines, gpu.l2CacheSize / 4 / 128), rows);

  const int rounds = tiny ? 4 : 1 << 11;
  add_shared_loads<Pattern::distinct>(stopwatch, "32 distinct addresses", rounds, rows);
  add_shared_loads<Pattern::eight>(stopwatch, "8 distinct addresses", rounds, rows);
  add_shared_loads<Pattern::paired>(stopwatch, "pairs of lanes read the same", rounds, rows);

  constexpr int kSlices = 16;  // of a W2
  const cuda::DeviceArray<float4> w2(static_cast<size_t>(kSlices) * kSliceWords);
  const int blocks = tiny ? 2 : gpu.multiProcessorCount, end = tiny ? kSlices : 1 << 10;
  add_ring<2>(stopwatch, w2, blocks, end, rows);
  add_ring<3>(stopwatch, w2, blocks, end, rows);
  add_ring<4>(stopwatch, w2, blocks, end, rows);
  add_ring<8>(stopwatch, w2, blocks, end, rows);
  add_ring<10>(stopwatch, w2, blocks, end, rows);
}

}  // namespace sac::bench
