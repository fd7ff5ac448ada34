#include "host/environment_index.h"

#include "host/usage_error.h"
#include "kernels/env/registry.h"

namespace sac {

int environment_index(const std::string& id) {
  std::string ids;
  for (int i = 0; i < Environments::size; ++i) {
    if (id == Environments::info[i].id) return i;
    ids += (i == 0 ? "" : ", ") + std::string(Environments::info[i].id);
  }
  throw UsageError("unknown environment '" + id + "'; allowed: " + ids);
}

}  // namespace sac
