// The kernels' object files, and what their places in the build tree say of them.
#pragma once

#include <filesystem>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "kernels/precision.h"

namespace sac {

struct CompiledObject {
  std::filesystem::path path;
  std::string source;                     ///< "gradients.cu"
  int hidden = 0;                         ///< 0: compiled once for all widths
  Precision precision = Precision::fp32;  ///< of the products
};

/// How GoogleTest shows one.
inline void PrintTo(const CompiledObject& object, std::ostream* out) {
  *out << object.path.filename().string();
}

/// All objects of CUDA sources below SAC_KERNEL_OBJECTS.
inline std::vector<CompiledObject> compiled_objects() {
  const std::regex place("sac_kernels_(\\d+)(_tf32|_bf16)?");
  std::vector<CompiledObject> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SAC_KERNEL_OBJECTS)) {
    CompiledObject object{.path = entry.path(), .source = entry.path().stem().string()};
    if (object.path.extension() != ".o" || !object.source.ends_with(".cu")) continue;
    const std::string text = object.path.string();
    std::smatch match;
    if (std::regex_search(text, match, place)) {
      object.hidden = std::stoi(match[1]);
      if (match[2] == "_tf32") object.precision = Precision::tf32;
      if (match[2] == "_bf16") object.precision = Precision::bf16;
    }
    all.push_back(object);
  }
  return all;
}

}  // namespace sac
