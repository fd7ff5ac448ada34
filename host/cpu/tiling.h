// How a batch is cut into tiles of rows for the first half of a gradient step (gradient_step.h).
#pragma once

#include "host/ranks/ranks.h"

namespace sac::cpu {

/// Fixed by the sizes alone, so that the bits do not depend on the number of threads. An even
/// number of tiles, so that two threads get as many long roles and as many short ones. Narrow
/// networks get taller tiles, since there the price of a call decides.
struct Tiling {
  int count, rows;  ///< all tiles have `rows` rows but the last, which may have fewer

  Tiling(int batch, int hidden);
  int begin(int tile) const { return tile * rows; }
  int rows_of(int tile, int batch) const;
  int rows_in(ranks::Part tiles, int batch) const;
};

}  // namespace sac::cpu
