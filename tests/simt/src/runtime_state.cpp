#include "runtime_state.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "arena.h"
#include "findings.h"
#include "traffic.h"

namespace simt {

Runtime& Runtime::instance() {
  static Runtime& runtime = *new Runtime;  // as long as the process
  return runtime;
}

cudaError_t Runtime::submit(cudaStream_t stream, Operation operation) {
  if (stream && stream->capture) {
    if (stream->capture->invalid) return cudaErrorStreamCaptureInvalidated;
    ++stream->captured_work;
    stream->capture->operations.push_back(std::move(operation));
    return cudaSuccess;
  }
  if (!stream) {
    for (const auto& capture : captures) {
      if (!capture->origin->blocking) continue;
      capture->invalid = true;
      return cudaErrorStreamCaptureImplicit;
    }
  }
  submitted_.push_back(std::move(operation));
  constexpr size_t kLongestQueue = 1024;
  return options.deferred && submitted_.size() < kLongestQueue ? cudaSuccess : finish();
}

cudaError_t Runtime::finish() {
  while (!submitted_.empty()) {
    const Operation operation = std::move(submitted_.front());
    submitted_.pop_front();
    const cudaError_t error = operation.run();
    if (error == cudaSuccess) continue;
    failure_ = error;
    submitted_.clear();
  }
  return failure_;
}

cudaError_t Runtime::refuse_during_capture(bool even_relaxed) {
  bool refused = false;
  for (const auto& capture : captures) {
    if (!even_relaxed && capture->mode == cudaStreamCaptureModeRelaxed) continue;
    capture->invalid = true;
    refused = true;
  }
  return refused ? cudaErrorStreamCaptureUnsupported : cudaSuccess;
}

cudaError_t Runtime::last_error(bool clear) {
  const std::lock_guard lock(mutex_);
  if (failure_ != cudaSuccess) return failure_;
  const cudaError_t error = last_error_;
  if (clear) last_error_ = cudaSuccess;
  return error;
}

void Runtime::reset() {
  const std::lock_guard lock(mutex_);
  submitted_.clear();
  failure_ = last_error_ = cudaSuccess;
}

Options options_from_environment() {
  Options options;
  const auto variable = [](const char* variable_name) {
    const char* value = std::getenv(variable_name);
    return std::string(value ? value : "");
  };
  const std::string order = variable("SIMT_ORDER");
  if (order == "reverse") options.threads = options.blocks = Order::reverse;
  if (order == "random") options.threads = options.blocks = Order::random;
  options.seed = std::strtoull(variable("SIMT_SEED").c_str(), nullptr, 10);
  options.workers = std::max(1, std::atoi(variable("SIMT_WORKERS").c_str()));
  return options;
}

const Options& options() {
  return Runtime::instance().options;
}

void set_options(const Options& options) {
  cudaDeviceSynchronize();
  Runtime::instance().options = options;
}

std::vector<Report> reports() {
  cudaDeviceSynchronize();
  return recorded_reports();
}

void reset() {
  Runtime::instance().reset();
  forget_reports();
  forget_traffic();
}

}  // namespace simt
