#include "host/base/named_losses.h"

namespace sac {

std::span<const NamedLoss> named_losses(Algorithm algorithm) {
  static constexpr NamedLoss kV1[] = {{"v", Network::v, &Losses::v},
                                      {"pi", Network::pi, &Losses::pi},
                                      {"q1", Network::q1, &Losses::q1},
                                      {"q2", Network::q2, &Losses::q2}};
  static constexpr NamedLoss kV2[] = {{"pi", Network::pi, &Losses::pi},
                                      {"q1", Network::q1, &Losses::q1},
                                      {"q2", Network::q2, &Losses::q2},
                                      {"alpha", Network::log_alpha, &Losses::alpha}};
  return algorithm == Algorithm::sac_v1 ? std::span(kV1) : std::span(kV2);
}

}  // namespace sac
