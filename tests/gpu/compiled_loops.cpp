// How many instructions nvcc made of the kernels and of the loops over W2, for sm_90 at hidden 256.
// What a loop spends beside products and loads is addresses, and a kernel longer than the
// instruction cache waits for its own code: kernels/README.md has the figures before and after.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/gpu/compiled_object.h"
#include "tests/gpu/machine_code.h"

namespace sac {
namespace {

/// Instructions of one round, where a round is a slice of W2 (fp32, tf32) or 16 values of the
/// summation index (bf16), in either direction.
struct Bounds {
  int forward, backward;
  int kernel;  ///< all of gradients.cu
};

Bounds bounds(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return {350, 340, 6000};
    case Precision::tf32:
      return {90, 105, 6000};
    case Precision::bf16:
      return {30, 30, 8000};
  }
  return {};
}

std::vector<CompiledObject> objects(const std::string& source) {
  std::vector<CompiledObject> all;
  for (const CompiledObject& object : compiled_objects()) {
    if (object.source == source && object.hidden == 256) all.push_back(object);
  }
  EXPECT_EQ(all.size(), 3u) << "a precision each";
  return all;
}

/// The object's kernels for sm_90.
std::vector<MachineCode> kernels(const CompiledObject& object) {
  std::vector<MachineCode> all = disassemble(object.path);
  std::erase_if(all, [](const MachineCode& code) { return code.architecture != "sm_90"; });
  EXPECT_FALSE(all.empty()) << "no code for sm_90 in " << object.path;
  return all;
}

/// Lengths of the innermost loops that do a round's products, the shorter one first.
std::vector<int> product_loops(const MachineCode& code, Precision precision) {
  std::vector<int> lengths;
  for (const InnerLoop& loop : inner_loops(code)) {
    const int products = code.count(precision == Precision::fp32 ? "FFMA" : "HMMA", loop.first,
                                    loop.last);
    const bool copies = code.count("LDGSTS", loop.first, loop.last) > 0;
    const bool round = precision == Precision::bf16 ? products > 0 : products > 0 && copies;
    if (round) lengths.push_back(static_cast<int>(loop.last - loop.first));
  }
  std::ranges::sort(lengths);
  return lengths;
}

TEST(CompiledLoops, OfTheGradientsAreShort) {
  for (const CompiledObject& object : objects("gradients.cu")) {
    const Bounds most = bounds(object.precision);
    for (const MachineCode& code : kernels(object)) {
      const std::vector<int> loops = product_loops(code, object.precision);
      const int size = code.count("");
      ASSERT_EQ(loops.size(), 2u) << "one body per direction: " << code.kernel;
      std::printf("  %s: %4d instructions, %3d and %3d a round: %.60s\n",
                  precision_name(object.precision), size, loops[0], loops[1],
                  code.kernel.c_str() + code.kernel.find("Tile"));
      EXPECT_LE(loops[0], std::min(most.forward, most.backward)) << code.kernel;
      EXPECT_LE(loops[1], std::max(most.forward, most.backward)) << code.kernel;
      EXPECT_LE(size, most.kernel) << code.kernel;
    }
  }
}

TEST(CompiledLoops, TheUpdateIsShort) {
  for (const CompiledObject& object : objects("update.cu")) {
    for (const MachineCode& code : kernels(object)) {
      std::printf("  %s: %4d instructions\n", precision_name(object.precision), code.count(""));
      EXPECT_LE(code.count(""), 3500) << code.kernel;
    }
  }
}

}  // namespace
}  // namespace sac
