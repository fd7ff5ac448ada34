// Which instructions nvcc made of the kernels: tensor cores where a precision asks for them and
// nowhere else, asynchronous copies, no local memory. For all architectures that were compiled.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/gpu/compiled_object.h"
#include "tests/gpu/machine_code.h"

namespace sac {
namespace {

class CompiledInstructions : public testing::TestWithParam<CompiledObject> {};

TEST_P(CompiledInstructions, AreThoseOfItsPrecision) {
  const CompiledObject& object = GetParam();
  const std::vector<MachineCode> kernels = disassemble(object.path);
  ASSERT_FALSE(kernels.empty()) << "nothing from " SAC_CUOBJDUMP
                                   " (scripts/setup.sh installs it if the toolkit has none)";
  const bool multiplies = object.hidden > 0;
  const bool sums_batch = object.source == "update.cu";
  for (const MachineCode& code : kernels) {
    SCOPED_TRACE(code.kernel + ", " + code.architecture);
    const int tf32 = code.count("HMMA.1688.F32.TF32"), all = code.count("HMMA");
    const int bf16 = code.count("HMMA.16816.F32.BF16");
    const int copies = code.count("LDGSTS.E.BYPASS.128"), matrices = code.count("LDSM");
    std::printf("  %3d tensor-core, %2d ldmatrix, %3d cp.async, %4d fma: %.70s\n", all, matrices,
                copies, code.count("FFMA"), code.kernel.c_str());
    EXPECT_EQ(code.count("LDL") + code.count("STL"), 0) << "local memory";
    EXPECT_EQ(all, tf32 + bf16);
    EXPECT_EQ(tf32 > 0, multiplies && object.precision == Precision::tf32);
    EXPECT_EQ(bf16 > 0, multiplies && object.precision == Precision::bf16);
    EXPECT_EQ(copies > 0, multiplies);
    EXPECT_EQ(code.count("LDGSTS"), copies) << "16 bytes each, past L1";
    // The update's operands lie transposed and in fp32; ldmatrix transposes 16-bit elements alone.
    EXPECT_EQ(matrices > 0, all > 0 && !sums_batch);
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
