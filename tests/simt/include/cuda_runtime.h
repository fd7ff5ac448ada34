// Stands in for NVIDIA's header of this name when CUDA sources are compiled for the CPU.
#pragma once

#include "simt/async_copy.h"
#include "simt/atomics.h"
#include "simt/inspect.h"
#include "simt/intrinsics.h"
#include "simt/launch.h"
#include "simt/qualifiers.h"
#include "simt/runtime.h"
#include "simt/thread.h"
#include "simt/vector_types.h"
#include "simt/warp.h"
