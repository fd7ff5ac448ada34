// For stand-ins of NVIDIA's libraries: host code in the place of their kernels.
#pragma once

#include <functional>

#include "simt/runtime.h"

namespace simt {

/// Runs `work` in its turn in the stream, and once for each launch of a graph that captured it; it
/// counts as a kernel. It may read and write device memory, which the emulator does not check: what
/// nobody wrote before still counts as unwritten afterwards.
cudaError_t submit(cudaStream_t stream, std::function<void()> work);

}  // namespace simt
