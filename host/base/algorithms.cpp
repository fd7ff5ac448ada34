#include "host/base/algorithms.h"

#include "host/base/usage_error.h"

namespace sac {

const char* algorithm_name(Algorithm algorithm) {
  return algorithm == Algorithm::sac_v1 ? "sac-v1" : "sac-v2";
}

Algorithm algorithm_named(const std::string& name, const std::string& what) {
  for (const Algorithm algorithm : {Algorithm::sac_v1, Algorithm::sac_v2}) {
    if (name == algorithm_name(algorithm)) return algorithm;
  }
  throw UsageError(what + " " + name + ": expected sac-v1 or sac-v2");
}

}  // namespace sac
