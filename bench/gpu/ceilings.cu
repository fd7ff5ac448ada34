#include "bench/gpu/ceilings.h"

#include <cuda_runtime.h>

#include <algorithm>

#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/tensor_core.cuh"

namespace sac::bench {
namespace {

constexpr int kThreads = 256;

/// Each thread copies words kThreads * gridDim apart.
__global__ void __launch_bounds__(kThreads) copy_kernel(float4* to, const float4* from, int words) {
  for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < words;
       i += static_cast<int>(gridDim.x * blockDim.x)) {
    to[i] = from[i];
  }
}

/// Every block reads the whole array, a part of words_per_part words at a time, each block from
/// another part on: L1 never has what is wanted, L2 always has. *never is written if the sum is
/// negative, which it is not: the array holds zeros.
__global__ void __launch_bounds__(kThreads)
    read_kernel(const float4* from, int parts, int words_per_part, int rounds, float* never) {
  float sum = 0;
  for (int round = 0; round < rounds; ++round) {
    const float4* part =
        from + static_cast<size_t>((static_cast<int>(blockIdx.x) + round) % parts) * words_per_part;
    for (int i = static_cast<int>(threadIdx.x); i < words_per_part; i += kThreads) {
      const float4 word = part[i];
      sum += word.x + word.y + word.z + word.w;
    }
  }
  if (sum < 0) *never = sum;
}

constexpr int kChains = 16;  ///< independent sums of a thread: more than an fma's latency

__global__ void __launch_bounds__(kThreads) fma_kernel(float factor, int rounds, float* never) {
  float sum[kChains];
#pragma unroll
  for (int c = 0; c < kChains; ++c) sum[c] = static_cast<float>(threadIdx.x + c);
#pragma unroll 4
  for (int round = 0; round < rounds; ++round) {
#pragma unroll
    for (int c = 0; c < kChains; ++c) sum[c] = fmaf(sum[c], factor, 1.0f);
  }
  float total = 0;
#pragma unroll
  for (int c = 0; c < kChains; ++c) total += sum[c];
  if (total < 0) *never = total;
}

constexpr int kTiles = 8;  ///< independent accumulators of a warp

/// Products of ones and zeros with tensor cores: in tf32, or else in bf16.
template <bool kTf32>
__global__ void __launch_bounds__(kThreads) mma_kernel(uint32_t one, int rounds, float* never) {
  const MmaOperands operands = {{one, 0, one, 0}, {0, one}};
  float sum[kTiles][4] = {};
#pragma unroll 4
  for (int round = 0; round < rounds; ++round) {
#pragma unroll
    for (int tile = 0; tile < kTiles; ++tile) {
      float(&d)[4] = sum[tile];
      kTf32 ? mma_tf32(operands, d[0], d[1], d[2], d[3])
            : mma_bf16(operands, d[0], d[1], d[2], d[3]);
    }
  }
  float total = 0;
#pragma unroll
  for (int tile = 0; tile < kTiles; ++tile) total += sum[tile][0] + sum[tile][1];
  if (total < 0) *never = total;
}

struct Machine {
  int sms;
  size_t l2_bytes;
};

Machine machine() {
  cudaDeviceProp gpu;
  check(cudaGetDeviceProperties(&gpu, 0), "cudaGetDeviceProperties");
  return {gpu.multiProcessorCount, static_cast<size_t>(gpu.l2CacheSize)};
}

Ceiling measure_copy(const Stopwatch& stopwatch, int blocks, size_t bytes) {
  const size_t words = bytes / sizeof(float4);
  const cuda::DeviceArray<float4> from(words), to(words);
  return {"copy in device memory", 2.0 * static_cast<double>(bytes), stopwatch.hot([&] {
            launch<NoShared>("copy", copy_kernel, dim3(static_cast<unsigned>(blocks)), kThreads,
                             stopwatch.stream().get(), to.data(), from.data(),
                             static_cast<int>(words));
          })};
}

Ceiling measure_l2(const Stopwatch& stopwatch, int blocks, size_t bytes, int rounds) {
  const int per_part = static_cast<int>(bytes / sizeof(float4)) / blocks;
  const cuda::DeviceArray<float4> from(static_cast<size_t>(blocks) * per_part);
  const cuda::DeviceArray<float> never(1);
  const double amount = static_cast<double>(sizeof(float4)) * per_part * blocks * rounds;
  return {"read from L2", amount, stopwatch.hot([&] {
            launch<NoShared>("read", read_kernel, dim3(static_cast<unsigned>(blocks)), kThreads,
                             stopwatch.stream().get(), from.data(), blocks, per_part, rounds,
                             never.data());
          })};
}

Ceiling measure_fma(const Stopwatch& stopwatch, int blocks, int rounds) {
  const cuda::DeviceArray<float> never(1);
  const double amount = 2.0 * kChains * kThreads * blocks * rounds;
  return {"fma, fp32", amount, stopwatch.hot([&] {
            launch<NoShared>("fma", fma_kernel, dim3(static_cast<unsigned>(blocks)), kThreads,
                             stopwatch.stream().get(), 0.5f, rounds, never.data());
          })};
}

template <bool kTf32>
Ceiling measure_mma(const Stopwatch& stopwatch, int blocks, int rounds) {
  const cuda::DeviceArray<float> never(1);
  constexpr int kRows = 16, kCols = 8, kDepth = kTf32 ? 8 : 16;  // of an mma
  constexpr uint32_t kOne = kTf32 ? 0x3f800000 : 0x3f803f80;
  const double amount = 2.0 * kRows * kCols * kDepth * kTiles * (kThreads / 32) * blocks * rounds;
  return {kTf32 ? "mma.sync, tf32" : "mma.sync, bf16", amount, stopwatch.hot([&] {
            launch<NoShared>("mma", mma_kernel<kTf32>, dim3(static_cast<unsigned>(blocks)),
                             kThreads, stopwatch.stream().get(), kOne, rounds, never.data());
          })};
}

}  // namespace

double Ceilings::flops(Precision precision) const {
  switch (precision) {
    case Precision::tf32:
      return tf32.rate();
    case Precision::bf16:
      return bf16.rate();
    default:
      return fma.rate();
  }
}

double Ceilings::limit(const cost::Cost& cost, Precision precision) const {
  return 1e6 * std::max(cost.flops / flops(precision), cost.l2_bytes / l2.rate());
}

double Ceilings::cold_limit(const cost::Cost& cost, Precision precision) const {
  return std::max(limit(cost, precision), 1e6 * cost.dram_bytes / copy.rate());
}

Table Ceilings::table() const {
  Table table{.key = "ceilings",
              .title = "Ceilings: what this GPU does when it does nothing else",
              .columns = {{"what", "what", Style::text},
                          {"us", "samples", Style::samples},
                          {"per_second", "per second", Style::scaled},
                          {"spread", "spread", Style::percent},
                          {"unit", "", Style::text}}};
  for (const Ceiling* c : {&copy, &l2, &fma, &tf32, &bf16}) {
    table.rows.push_back({c->what, c->micros.values(), c->rate(), c->micros.spread(),
                          c == &copy || c == &l2 ? "bytes" : "FLOP"});
  }
  return table;
}

Ceilings measure_ceilings(const Stopwatch& stopwatch, bool tiny) {
  const Machine gpu = machine();
  constexpr size_t kTinyBytes = 32 << 10;
  // The multiply-adds come first: they take an idle GPU to its clock.
  const int blocks = tiny ? 2 : 8 * gpu.sms;
  const Ceiling fma = measure_fma(stopwatch, blocks, tiny ? 8 : 1 << 13);
  const Ceiling copy = measure_copy(
      stopwatch, blocks, tiny ? kTinyBytes : std::max(8 * gpu.l2_bytes, size_t{1} << 28));
  const Ceiling l2 =
      measure_l2(stopwatch, blocks, tiny ? kTinyBytes : gpu.l2_bytes / 4, tiny ? 2 : 64);
  const Ceiling tf32 = measure_mma<true>(stopwatch, blocks, tiny ? 4 : 1 << 12);
  const Ceiling bf16 = measure_mma<false>(stopwatch, blocks, tiny ? 4 : 1 << 12);
  return {copy, l2, fma, tf32, bf16};
}

}  // namespace sac::bench
