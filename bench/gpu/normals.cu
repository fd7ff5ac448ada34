#include "bench/gpu/tables.h"

#include <cuda_runtime.h>
#include <curand.h>

#include <stdexcept>

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

void check_curand(curandStatus_t status, const char* call) {
  if (status == CURAND_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string(call) + ": cuRAND status " + std::to_string(status));
}

/// cuRAND's host API with its own Philox. Not copyable.
class CurandGenerator {
 public:
  CurandGenerator() {
    check_curand(curandCreateGenerator(&generator_, CURAND_RNG_PSEUDO_PHILOX4_32_10),
                 "curandCreateGenerator");
    check_curand(curandSetPseudoRandomGeneratorSeed(generator_, kKey.key), "cuRAND's seed");
  }
  ~CurandGenerator() { curandDestroyGenerator(generator_); }
  CurandGenerator(const CurandGenerator&) = delete;
  CurandGenerator& operator=(const CurandGenerator&) = delete;

  /// `count`, an even number, in device memory.
  void fill(float* normals, uint32_t count, cudaStream_t stream) const {
    check_curand(curandSetStream(generator_, stream), "curandSetStream");
    check_curand(curandGenerateNormal(generator_, normals, count, 0, 1), "curandGenerateNormal");
  }

 private:
  curandGenerator_t generator_ = nullptr;
};

}  // namespace

Table normals_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny) {
  Table table{
      .key = "normals",
      .title = "Standard normals in bulk",
      .columns = {{"generator", "generator", Style::text},
                  {"count", "normals", Style::scaled},
                  {"us", "samples", Style::samples},
                  {"median_us", "µs", Style::plain},
                  {"spread", "spread", Style::percent},
                  {"per_second", "per second", Style::scaled},
                  {"bytes", "bytes", Style::scaled},
                  {"limit_us", "limit µs", Style::plain},
                  {"share", "share", Style::percent}},
      .notes = {"The limit is writing them at the copy's rate. Launched alone, not in a graph "
                "(cuRAND keeps its position on the host), L2 filled with something else."}};
  const CurandGenerator curand;
  const auto add = [&](const char* generator, uint32_t count, const Submit& submit) {
    const Samples micros = stopwatch.cold(submit);
    const double bytes = sizeof(float) * static_cast<double>(count);
    const double limit = 1e6 * bytes / ceilings.copy.rate();
    table.rows.push_back({generator, static_cast<double>(count), micros.values(), micros.median(),
                          micros.spread(), 1e6 * count / micros.median(), bytes, limit,
                          limit / micros.median()});
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
    add("cuRAND, curandGenerateNormal, Philox", count,
        [&] { curand.fill(normals.data(), count, stopwatch.stream().get()); });
  }
  return table;
}

}  // namespace sac::bench
