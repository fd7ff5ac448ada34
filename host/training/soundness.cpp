#include "host/training/soundness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/named_parameters.h"

namespace sac::training {
namespace {

std::string unsound_losses(const Losses& l) {
  std::string text;
  const std::pair<const char*, double> all[] = {
      {"v", l.v}, {"pi", l.pi}, {"q1", l.q1}, {"q2", l.q2}};
  for (const auto& [name, loss] : all) {
    if (!std::isfinite(loss)) text += fmt::format(", loss {} is {}", name, loss);
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
  const std::string what = unsound_losses(losses) + first_unsound_tensor(shape, parameters);
  if (losses.not_finite_since > 0) {
    return fmt::format("not finite since gradient step {}{}", losses.not_finite_since, what);
  }
  return what.empty() ? "" : fmt::format("not finite after gradient step {}{}", updates, what);
}

template std::string unsound_numbers(const Shape&, const Losses&, std::span<const float>, int64_t);
template std::string unsound_numbers(const Shape&, const Losses&, std::span<const double>, int64_t);

}  // namespace sac::training
