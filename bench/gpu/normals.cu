#include "bench/gpu/tables.h"

#include <cuda_runtime.h>

#include <vector>

#include "bench/gpu/curand.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/random.h"

namespace sac::bench {
namespace {

constexpr int kThreads = 256;
constexpr RandomKey kKey = {7};

/// One normal per thread, as gradients and rollout draw theirs: half of the block's words and one
/// of the pair are thrown away.
__global__ void __launch_bounds__(kThreads) single_kernel(float* normals, uint32_t count) {
  const uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) normals[i] = random_normal<float>(kKey, Purpose::explore, i, 0);
}

/// The same numbers, four per thread: all that a Philox block gives.
__global__ void __launch_bounds__(kThreads) bulk_kernel(float4* normals, uint32_t quarter) {
  const uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= quarter) return;
  const RandomBlock block = random_block(kKey, Purpose::explore, i, 0);
  const NormalPair<float> first =
      box_muller(uniform01<float>(block.word[0]), uniform01<float>(block.word[1]));
  const NormalPair<float> second =
      box_muller(uniform01<float>(block.word[2]), uniform01<float>(block.word[3]));
  normals[i] = make_float4(first.first, first.second, second.first, second.second);
}

}  // namespace

Table normals_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny) {
  Table table{
      .key = "normals",
      .title = "Standard normals in bulk",
      .columns = {{"generator", "generator", Style::text},
                  {"count", "normals", Style::scaled},
                  {"failure", "", Style::text},
                  {"us", "samples", Style::samples},
                  {"median_us", "µs", Style::plain},
                  {"spread", "spread", Style::percent},
                  {"per_second", "per second", Style::scaled},
                  {"bytes", "bytes", Style::scaled},
                  {"limit_us", "limit µs", Style::plain},
                  {"share", "share", Style::percent}},
      .notes = {"The limit is writing them at the copy's rate. Launched alone, not in a graph "
                "(cuRAND keeps its position on the host), L2 filled with something else."}};
  const auto add = [&](const char* generator, uint32_t count, const Submit& submit) {
    const Samples micros = stopwatch.cold(submit);
    const double bytes = sizeof(float) * static_cast<double>(count);
    const double limit = 1e6 * bytes / ceilings.copy.rate();
    table.rows.push_back({generator, static_cast<double>(count), Cell{}, micros.values(),
                          micros.median(), micros.spread(), 1e6 * count / micros.median(), bytes,
                          limit, limit / micros.median()});
  };
  const auto add_curand = [&](const cuda::DeviceArray<float>& normals, uint32_t count) {
    constexpr char kName[] = "cuRAND, curandGenerateNormal, Philox";
    try {
      const Curand curand(kKey.key);
      add(kName, count, [&] { curand.fill(normals.data(), count, stopwatch.stream().get()); });
    } catch (const CurandError& error) {
      std::vector<Cell> row = {kName, static_cast<double>(count), error.what()};
      row.resize(table.columns.size());
      table.rows.push_back(std::move(row));
    }
  };
  for (const uint32_t count : tiny ? std::vector<uint32_t>{1u << 10}
                                   : std::vector<uint32_t>{1u << 16, 1u << 20, 1u << 26}) {
    const cuda::DeviceArray<float> normals(count);
    add("ours, one per thread (as in the kernels)", count, [&] {
      launch<NoShared>("normals", single_kernel, agent_grid(count, kThreads, 1), kThreads,
                       stopwatch.stream().get(), normals.data(), count);
    });
    add("ours, four per thread", count, [&] {
      launch<NoShared>("normals", bulk_kernel, agent_grid(count / 4, kThreads, 1), kThreads,
                       stopwatch.stream().get(), reinterpret_cast<float4*>(normals.data()),
                       count / 4);
    });
    add_curand(normals, count);
  }
  return table;
}

}  // namespace sac::bench
