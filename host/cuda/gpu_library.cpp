// What libsac_cuda_gpu.so shows of itself; gpu_library.map hides the rest.
#include "host/cuda/gpu_library.h"

#include "sac_commit.h"

extern "C" const sac::cuda::GpuLibrary sac_cuda_gpu_library{
    "sac_cuda " SAC_VERSION ", commit " SAC_COMMIT,
    &sac::cuda::kernels_in_this_build,
    &sac::cuda::use_gpu,
    &sac::cuda::probe_gpu,
    &sac::cuda::why_no_exchange,
    &sac::cuda::gpu_memory,
    &sac::cuda::fused_shared_memory,
    &sac::cuda::make_cuda_learner,
};
