#include "host/training/soundness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/named_losses.h"
#include "host/base/named_parameters.h"

namespace sac::training {
namespace {

std::string unsound_losses(Algorithm algorithm, const Losses& losses) {
  std::string text;
  for (const NamedLoss& loss : named_losses(algorithm)) {
    const double value = losses.*loss.value;
    if (!std::isfinite(value)) text += fmt::format(", loss {} is {}", loss.name, value);
  }
  return text;
}

template <class T>
std::string first_unsound_tensor(const Shape& shape, std::span<const T> parameters) {
  for (const NamedTensor& tensor : named_parameters(shape)) {
    for (const T value : parameters.subspan(tensor.offset, tensor.size())) {
      if (!std::isfinite(value)) return fmt::format(", tensor {} holds {}", tensor.name, value);
    }
  }
  return "";
}

}  // namespace

template <class T>
std::string unsound_numbers(const Shape& shape, const Losses& losses, std::span<const T> parameters,
                            int64_t updates) {
  const std::string what =
      unsound_losses(shape.algorithm, losses) + first_unsound_tensor(shape, parameters);
  if (losses.not_finite_since > 0) {
    return fmt::format("not finite since gradient step {}{}", losses.not_finite_since, what);
  }
  return what.empty() ? "" : fmt::format("not finite after gradient step {}{}", updates, what);
}

template std::string unsound_numbers(const Shape&, const Losses&, std::span<const float>, int64_t);
template std::string unsound_numbers(const Shape&, const Losses&, std::span<const double>, int64_t);

}  // namespace sac::training
