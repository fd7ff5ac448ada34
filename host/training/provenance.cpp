#include "host/training/provenance.h"

#include <fmt/format.h>
#include <oneapi/dnnl/dnnl.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sac_commit.h"

namespace sac::training {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

/// Of the code that this compiler made, not of the processor.
std::string compiled_for() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__AVX__)
  return "AVX";
#elif defined(__x86_64__)
  return "SSE2";
#elif defined(__aarch64__)
  return "NEON";
#else
  return "portable";
#endif
}

std::string onednn_version() {
  const dnnl_version_t* v = dnnl_version();
  return fmt::format("{}.{}.{}", v->major, v->minor, v->patch);
}

std::string onednn_isa() {
  switch (const dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_all:
      return "all";
    case dnnl_cpu_isa_sse41:
      return "SSE41";
    case dnnl_cpu_isa_avx:
      return "AVX";
    case dnnl_cpu_isa_avx2:
      return "AVX2";
    case dnnl_cpu_isa_avx2_vnni:
      return "AVX2_VNNI";
    case dnnl_cpu_isa_avx512_core:
      return "AVX512_CORE";
    case dnnl_cpu_isa_avx512_core_vnni:
      return "AVX512_CORE_VNNI";
    case dnnl_cpu_isa_avx512_core_bf16:
      return "AVX512_CORE_BF16";
    case dnnl_cpu_isa_avx512_core_amx:
      return "AVX512_CORE_AMX";
    default:  // of a later version
      return fmt::format("{:#x}", static_cast<unsigned>(isa));
  }
}

}  // namespace

nlohmann::ordered_json provenance() {
  return {{"commit", SAC_COMMIT},
          {"compiler", compiler()},
          {"compiled_for", compiled_for()},
          {"onednn", onednn_version()},
          {"onednn_isa", onednn_isa()}};
}

}  // namespace sac::training
