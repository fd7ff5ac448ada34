// The GPU of a program without kernels: what libsac_cuda_gpu.so knows of it, if that is beside the
// program. Loaded at the first look, for good.
#include <dlfcn.h>
#include <link.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "host/cuda/gpu_library.h"
#include "sac_commit.h"

namespace sac::cuda {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMadeFrom = "sac_cuda " SAC_VERSION ", commit " SAC_COMMIT;

/// Where the program is, or the library that has this code: in the folder of all processors if it
/// is there once for each level of them (cmake/levels.cmake).
fs::path own_folder() {
  Dl_info here;
  void* object = nullptr;
  if (dladdr1(&kMadeFrom, &here, &object, RTLD_DL_LINKMAP) == 0) return {};
  const std::string library = static_cast<const link_map*>(object)->l_name;  // "": the program
  std::error_code ignored;
  const fs::path folder =
      fs::canonical(library.empty() ? "/proc/self/exe" : library, ignored).parent_path();
  const fs::path levels = folder.parent_path();
  return levels.filename() == "glibc-hwcaps" ? levels.parent_path() : folder;
}

/// The library, or why there is none: empty if there is no such file.
struct Found {
  const GpuLibrary* library = nullptr;
  std::string why;
};

Found find() {
  const fs::path file = own_folder() / kGpuLibraryFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return {nullptr, std::string("cannot be loaded: ") + dlerror()};
  const auto* const library = static_cast<const GpuLibrary*>(dlsym(handle, kGpuLibrarySymbol));
  if (library == nullptr) return {nullptr, file.string() + " is not sac_cuda's"};
  if (library->made_from != std::string(kMadeFrom)) {
    return {nullptr, file.string() + " is of " + library->made_from + ", and this is " + kMadeFrom};
  }
  return {library, ""};
}

const Found& found() {
  static const Found once = find();
  return once;
}

/// Of a GPU that was found usable.
const GpuLibrary& library() {
  if (found().library == nullptr) throw std::logic_error(probe_gpu().line);
  return *found().library;
}

/// The driver lists its GPUs there; without a driver there is no such directory.
bool gpu_is_there() {
  std::error_code absent;
  const fs::directory_iterator gpus("/proc/driver/nvidia/gpus", absent);
  return !absent && gpus != fs::directory_iterator();
}

}  // namespace

std::string kernels_in_this_build() {
  return found().library == nullptr ? "no CUDA kernels" : library().kernels_in_this_build();
}

GpuProbe probe_gpu() {
  if (found().library != nullptr) return library().probe_gpu();
  if (!found().why.empty()) return {false, found().why};
  if (!gpu_is_there()) return {false, "no NVIDIA GPU here"};
  return {false, "no kernels for the GPU here: " + own_folder().string() + " has no " +
                     kGpuLibraryFile + ", which is sac_cuda's package for GPUs"};
}

void use_gpu(int number) {
  if (found().library != nullptr) library().use_gpu(number);
}

std::string why_no_exchange() {
  return library().why_no_exchange();
}

GpuMemory gpu_memory() {
  return library().gpu_memory();
}

SharedMemory fused_shared_memory(int hidden, Precision precision) {
  return library().fused_shared_memory(hidden, precision);
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig& config) {
  return library().make_cuda_learner(config);
}

}  // namespace sac::cuda
