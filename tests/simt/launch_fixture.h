// What the tests of the emulator share: a clean start, and launches that wait.
#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

/// Every test starts and ends without reports, errors or changed options.
class SimtTest : public testing::Test {
 protected:
  SimtTest() { clear(); }
  ~SimtTest() override { clear(); }

  /// Launches one kernel on the default stream and waits for it.
  template <class... Parameters, class... Arguments>
  static cudaError_t run(void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared_bytes,
                         Arguments&&... arguments) {
    cudaLaunchConfig_t config{};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared_bytes;
    const cudaError_t error =
        cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...);
    return error != cudaSuccess ? error : cudaDeviceSynchronize();
  }

  /// Findings since the last reset.
  static std::vector<simt::Finding> findings() {
    std::vector<simt::Finding> found;
    for (const simt::Report& report : simt::reports()) found.push_back(report.finding);
    return found;
  }

 private:
  static void clear() {
    simt::reset();
    simt::set_options(simt::options_from_environment());
  }
};

/// Device memory of n elements, with copies in and out.
template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t n) : size_(n) {
    EXPECT_EQ(cudaMalloc(&data_, n * sizeof(T)), cudaSuccess);
  }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    EXPECT_EQ(cudaMemcpy(data_, values.data(), size_ * sizeof(T), cudaMemcpyHostToDevice),
              cudaSuccess);
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { cudaFree(data_); }

  T* get() const { return data_; }

  std::vector<T> values() const {
    std::vector<T> result(size_);
    EXPECT_EQ(cudaMemcpy(result.data(), data_, size_ * sizeof(T), cudaMemcpyDeviceToHost),
              cudaSuccess);
    return result;
  }

 private:
  T* data_ = nullptr;
  size_t size_;
};
