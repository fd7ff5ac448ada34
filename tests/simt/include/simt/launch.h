// Launching: there is no <<<>>> here, so programs for both compilers use these two calls.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "simt/runtime.h"

namespace simt::detail {

/// A kernel and its arguments, by value: what a graph keeps of a launch.
class KernelCall {
 public:
  KernelCall(const void* kernel, size_t bytes) : kernel_(kernel), bytes_(bytes) {}
  KernelCall(const KernelCall&) = delete;
  KernelCall& operator=(const KernelCall&) = delete;
  virtual ~KernelCall() = default;
  virtual void operator()() const = 0;

  const void* kernel() const { return kernel_; }
  /// Size of the object, arguments included.
  size_t bytes() const { return bytes_; }

 private:
  const void* kernel_;
  size_t bytes_;
};

template <class... Parameters>
class TypedKernelCall final : public KernelCall {
 public:
  using Function = void (*)(Parameters...);

  template <class... Arguments>
  explicit TypedKernelCall(Function function, Arguments&&... arguments)
      : KernelCall(reinterpret_cast<const void*>(function), sizeof *this),
        function_(function),
        arguments_(std::forward<Arguments>(arguments)...) {}

  void operator()() const override { std::apply(function_, arguments_); }

 private:
  Function function_;
  std::tuple<Parameters...> arguments_;
};

cudaError_t launch(const cudaLaunchConfig_t& config, std::shared_ptr<const KernelCall> call);

}  // namespace simt::detail

/// Submits kernel(arguments...) to the stream of the configuration. Arguments are copied now.
template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  static_assert((!std::is_reference_v<Parameters> && ...), "kernel parameters are values");
  return simt::detail::launch(*config,
                              std::make_shared<const simt::detail::TypedKernelCall<Parameters...>>(
                                  kernel, std::forward<Arguments>(arguments)...));
}

/// The same with an array of pointers to the arguments.
template <class... Parameters>
cudaError_t cudaLaunchKernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, void** arguments,
                             size_t shared_bytes = 0, cudaStream_t stream = nullptr) {
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = shared_bytes;
  config.stream = stream;
  return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    return cudaLaunchKernelEx(&config, kernel, *static_cast<Parameters*>(arguments[kIndex])...);
  }
  (std::index_sequence_for<Parameters...>());
}
