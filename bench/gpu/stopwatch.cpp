#include "bench/gpu/stopwatch.h"

#include <algorithm>
#include <cmath>

namespace sac::bench {
namespace {

constexpr int kMostRepeats = 256;  ///< nodes of a graph, for the shortest work

size_t l2_bytes() {
  cudaDeviceProp gpu;
  check(cudaGetDeviceProperties(&gpu, 0), "cudaGetDeviceProperties");
  return static_cast<size_t>(gpu.l2CacheSize);
}

}  // namespace

Stopwatch::Stopwatch(const Effort& effort) : effort_(effort), flush_(2 * l2_bytes()) {}

template <class Work>
double Stopwatch::micros_of(const Work& work) const {
  begin_.record(stream_);
  work();
  end_.record(stream_);
  stream_.synchronise();
  return end_.micros_since(begin_);
}

Samples Stopwatch::hot(const Submit& submit) const {
  const auto graph_of = [&](int repeats) {
    return cuda::Graph(stream_, [&] {
      for (int i = 0; i < repeats; ++i) submit();
    });
  };
  submit();  // not captured: a first launch loads its kernel
  constexpr int kTrial = 2;
  const cuda::Graph trial = graph_of(kTrial);
  trial.launch(stream_);  // a first replay uploads the graph
  const double micros = micros_of([&] { trial.launch(stream_); }) / kTrial;
  const int repeats = static_cast<int>(
      std::clamp(std::ceil(effort_.sample_micros / micros), 1.0, double{kMostRepeats}));

  const cuda::Graph graph = graph_of(repeats);
  graph.launch(stream_);
  std::vector<double> samples;
  for (int i = 0; i < effort_.hot_samples; ++i) {
    samples.push_back(micros_of([&] { graph.launch(stream_); }) / repeats);
  }
  return Samples(std::move(samples));
}

Samples Stopwatch::cold(const Submit& submit) const {
  submit();
  std::vector<double> samples;
  for (int i = 0; i < effort_.cold_samples; ++i) {
    // Not waited for: the GPU is still writing when the work behind it has long been submitted.
    check(cudaMemsetAsync(flush_.data(), i, flush_.bytes(), stream_.get()), "cudaMemsetAsync");
    samples.push_back(micros_of(submit));
  }
  return Samples(std::move(samples));
}

}  // namespace sac::bench
