#include "host/training/returns.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace sac::training {

Returns summarise(std::span<const Evaluation> evaluations) {
  std::vector<double> returns;
  double steps = 0;
  for (const Evaluation& e : evaluations) {
    returns.insert(returns.end(), e.returns.begin(), e.returns.end());
    steps += std::accumulate(e.lengths.begin(), e.lengths.end(), 0.0);
  }
  if (returns.empty()) return {};
  Returns r;
  r.episodes = static_cast<int>(returns.size());
  r.mean = std::accumulate(returns.begin(), returns.end(), 0.0) / r.episodes;
  double squares = 0;
  for (const double x : returns) squares += (x - r.mean) * (x - r.mean);
  r.std = std::sqrt(squares / r.episodes);
  r.min = *std::min_element(returns.begin(), returns.end());
  r.max = *std::max_element(returns.begin(), returns.end());
  r.mean_length = steps / r.episodes;
  return r;
}

}  // namespace sac::training
