// Device memory that frees itself.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "kernels/gpu/cuda_error.h"

namespace sac::cuda {

/// An array of T in device memory; movable. Copies to and from the host are synchronous.
template <class T>
class DeviceArray {
 public:
  DeviceArray() = default;

  /// `size` elements, all bytes zero. Throws CudaError if there is not enough memory.
  explicit DeviceArray(size_t size) : size_(size) {
    if (size == 0) return;
    check(cudaMalloc(&data_, bytes()), "cudaMalloc");
    check(cudaMemset(data_, 0, bytes()), "cudaMemset");
  }
  ~DeviceArray() {
    if (data_ != nullptr) cudaFree(data_);  // nothing to be done about an error here
  }
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  T* data() const { return data_; }
  size_t size() const { return size_; }
  size_t bytes() const { return size_ * sizeof(T); }

  /// Writes values to elements offset, offset + 1, ...
  void upload(const std::vector<T>& values, size_t offset = 0) {
    if (values.empty()) return;
    check(cudaMemcpy(data_ + offset, values.data(), values.size() * sizeof(T),
                     cudaMemcpyHostToDevice),
          "cudaMemcpy to the device");
  }

  /// Elements offset .. offset + count - 1.
  std::vector<T> download(size_t offset, size_t count) const {
    std::vector<T> values(count);
    if (count == 0) return values;
    check(cudaMemcpy(values.data(), data_ + offset, count * sizeof(T), cudaMemcpyDeviceToHost),
          "cudaMemcpy to the host");
    return values;
  }
  std::vector<T> download() const { return download(0, size_); }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace sac::cuda
