#include "host/cpu/tiling.h"

#include <algorithm>

namespace sac::cpu {

Tiling::Tiling(int batch, int hidden) {
  const int most = hidden < 128 ? 128 : 64;
  count = (batch + 2 * most - 1) / (2 * most) * 2;
  rows = (batch + count - 1) / count;
  count = (batch + rows - 1) / rows;
}

int Tiling::rows_of(int tile, int batch) const {
  return std::min(rows, batch - begin(tile));
}

int Tiling::rows_in(ranks::Part tiles, int batch) const {
  return std::min(rows * static_cast<int>(tiles.end), batch) - begin(static_cast<int>(tiles.begin));
}

}  // namespace sac::cpu
