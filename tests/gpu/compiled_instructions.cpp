// Which instructions nvcc made of the kernels: tensor cores where a precision asks for them and
// nowhere else, asynchronous copies, no local memory. Reads the machine code in the objects with
// cuobjdump, for all architectures that were compiled.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <regex>

#include "tests/gpu/compiled_object.h"

namespace sac {
namespace {

/// How often each opcode stands in a kernel, by its full name: "HMMA.16816.F32.BF16".
using Opcodes = std::map<std::string, int>;

/// The kernels of an object by name and architecture. Empty if cuobjdump fails or is not there.
std::map<std::string, Opcodes> disassemble(const std::filesystem::path& object) {
  const std::regex function("Function : (\\S+)"), architecture("arch = (\\S+)"),
      instruction("^\\s+/\\*[0-9a-f]+\\*/\\s+(?:@!?\\w+ )?([A-Z][A-Z0-9_.]+)");
  std::map<std::string, Opcodes> kernels;
  const std::string command = SAC_CUOBJDUMP " -sass '" + object.string() + "'";
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string kernel, target;
  std::array<char, 4096> buffer;
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) {
    std::cmatch match;
    if (std::regex_search(buffer.data(), match, architecture)) target = match[1];
    if (std::regex_search(buffer.data(), match, function)) kernel = match.str(1) + ", " + target;
    if (std::regex_search(buffer.data(), match, instruction)) ++kernels[kernel][match[1]];
  }
  return kernels;
}

/// Instructions whose opcode begins with `prefix`.
int count(const Opcodes& opcodes, const std::string& prefix) {
  int sum = 0;
  for (auto i = opcodes.lower_bound(prefix); i != opcodes.end() && i->first.starts_with(prefix);
       ++i) {
    sum += i->second;
  }
  return sum;
}

class CompiledInstructions : public testing::TestWithParam<CompiledObject> {};

TEST_P(CompiledInstructions, AreThoseOfItsPrecision) {
  const CompiledObject& object = GetParam();
  const std::map<std::string, Opcodes> kernels = disassemble(object.path);
  ASSERT_FALSE(kernels.empty()) << "nothing from " SAC_CUOBJDUMP
                                   " (scripts/setup.sh installs it if the toolkit has none)";
  const bool multiplies = object.hidden > 0;
  const bool sums_batch = object.source == "update.cu";
  for (const auto& [name, opcodes] : kernels) {
    SCOPED_TRACE(name);
    const int tf32 = count(opcodes, "HMMA.1688.F32.TF32"), all = count(opcodes, "HMMA");
    const int bf16 = count(opcodes, "HMMA.16816.F32.BF16");
    const int copies = count(opcodes, "LDGSTS.E.BYPASS.128"), matrices = count(opcodes, "LDSM");
    std::printf("  %3d tensor-core, %2d ldmatrix, %3d cp.async, %4d fma: %.70s\n", all, matrices,
                copies, count(opcodes, "FFMA"), name.c_str());
    EXPECT_EQ(count(opcodes, "LDL") + count(opcodes, "STL"), 0) << "local memory";
    EXPECT_EQ(all, tf32 + bf16);
    EXPECT_EQ(tf32 > 0, multiplies && object.precision == Precision::tf32);
    EXPECT_EQ(bf16 > 0, multiplies && object.precision == Precision::bf16);
    EXPECT_EQ(copies > 0, multiplies);
    EXPECT_EQ(count(opcodes, "LDGSTS"), copies) << "16 bytes each, past L1";
    // The update's operands lie transposed and in fp32; ldmatrix transposes 16-bit elements alone.
    EXPECT_EQ(matrices > 0, all > 0 && !sums_batch);
    if (sums_batch) {
      EXPECT_LE(count(opcodes, ""), 3500) << "run once, from a cold cache";
    }
    EXPECT_LE(matrices, all) << "an operand is used in four products or more, or comes in four";
  }
}

INSTANTIATE_TEST_SUITE_P(Objects, CompiledInstructions, testing::ValuesIn(compiled_objects()),
                         [](const testing::TestParamInfo<CompiledObject>& test) {
                           const CompiledObject& o = test.param;
                           return o.source.substr(0, o.source.find('.')) + "_" +
                                  std::to_string(o.hidden) + "_" + precision_name(o.precision);
                         });

}  // namespace
}  // namespace sac
