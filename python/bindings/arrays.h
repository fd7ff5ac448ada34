// Values of ours as NumPy arrays that own them.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace sac::python {

/// A NumPy array of `shape`, row-major, with the values as T.
template <class T>
nanobind::object numpy_array(const std::vector<double>& values, const std::vector<size_t>& shape) {
  auto copy = std::make_unique<T[]>(values.size());
  std::ranges::transform(values, copy.get(), [](double x) { return static_cast<T>(x); });
  const nanobind::capsule owner(copy.get(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return nanobind::cast(
      nanobind::ndarray<nanobind::numpy, T>(copy.release(), shape.size(), shape.data(), owner));
}

}  // namespace sac::python
