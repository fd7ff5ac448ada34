// The stand-in for cuBLAS rounds its factors as it says, to the bit.
#include <gtest/gtest.h>

#include "host/cuda/blas.h"
#include "host/cuda/stream.h"

namespace sac {
namespace {

float rounded(float x, Precision precision) {
  const cuda::Stream stream;
  const cuda::Blas blas(stream.get());
  cuda::DeviceArray<float> memory(3);
  memory.upload({x, 1});
  const auto number = [&memory](int i) {
    return unfused::AgentMatrix{memory.data() + i, 1, 1, 1, 3};
  };
  blas.multiply({number(0)}, {number(1)}, number(2), cuda::Sum::overwrite, precision, 1);
  stream.synchronise();
  return memory.download(2, 1)[0];
}

TEST(CublasStandIn, RoundsTf32HalvesAwayFromZero) {
  const auto tf32 = [](float x) { return rounded(x, Precision::tf32); };
  EXPECT_EQ(tf32(1 + 0x1p-10f), 1 + 0x1p-10f);
  EXPECT_EQ(tf32(1 + 0x1p-11f), 1 + 0x1p-10f);
  EXPECT_EQ(tf32(-1 - 0x1p-11f), -1 - 0x1p-10f);
  EXPECT_EQ(tf32(1 + 0x1.ffcp-12f), 1.0f);
  EXPECT_EQ(tf32(2 - 0x1p-11f), 2.0f);  // carries into the exponent
}

TEST(CublasStandIn, RoundsBf16HalvesToEven) {
  const auto bf16 = [](float x) { return rounded(x, Precision::bf16); };
  EXPECT_EQ(bf16(1 + 0x1p-7f), 1 + 0x1p-7f);
  EXPECT_EQ(bf16(1 + 0x1p-8f), 1.0f);
  EXPECT_EQ(bf16(1 + 0x1.8p-7f), 1 + 0x1p-6f);
  EXPECT_EQ(bf16(-1 - 0x1.002p-8f), -1 - 0x1p-7f);
}

TEST(CublasStandIn, LeavesFp32Alone) {
  EXPECT_EQ(rounded(1 + 0x1p-23f, Precision::fp32), 1 + 0x1p-23f);
}

}  // namespace
}  // namespace sac
