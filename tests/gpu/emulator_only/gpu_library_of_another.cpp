// libsac_cuda_gpu.so as another version has it: nothing of it may be used.
#include "host/cuda/gpu_library.h"

extern "C" const sac::cuda::GpuLibrary sac_cuda_gpu_library{
    "sac_cuda 0.0.0, commit 0", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
