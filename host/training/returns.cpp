#include "host/training/returns.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sac::training {

double Returns::standard_error() const {
  return episodes > 1 ? std / std::sqrt(episodes - 1.0) : 0;
}

Returns summarise(const Evaluation& evaluation) {
  const std::vector<double>& returns = evaluation.returns;
  if (returns.empty()) return {};
  Returns r;
  r.episodes = static_cast<int>(returns.size());
  r.mean = std::accumulate(returns.begin(), returns.end(), 0.0) / r.episodes;
  double squares = 0;
  for (const double x : returns) squares += (x - r.mean) * (x - r.mean);
  r.std = std::sqrt(squares / r.episodes);
  r.min = std::ranges::min(returns);
  r.max = std::ranges::max(returns);
  r.mean_length =
      std::accumulate(evaluation.lengths.begin(), evaluation.lengths.end(), 0.0) / r.episodes;
  return r;
}

Returns pooled(std::span<const Returns> parts) {
  Returns all;
  for (const Returns& part : parts) {
    if (part.episodes == 0) continue;
    all.min = all.episodes == 0 ? part.min : std::min(all.min, part.min);
    all.max = all.episodes == 0 ? part.max : std::max(all.max, part.max);
    all.episodes += part.episodes;
  }
  if (all.episodes == 0) return all;
  double squares = 0;
  for (const Returns& part : parts) {
    const double share = static_cast<double>(part.episodes) / all.episodes;
    all.mean += share * part.mean;
    all.mean_length += share * part.mean_length;
  }
  for (const Returns& part : parts) {
    const double share = static_cast<double>(part.episodes) / all.episodes;
    const double off = part.mean - all.mean;
    squares += share * (part.std * part.std + off * off);
  }
  all.std = std::sqrt(squares);
  return all;
}

}  // namespace sac::training
