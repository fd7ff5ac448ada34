// Intrinsics and short vectors, which need no kernel to run in.
#include <cmath>
#include <cstdint>
#include <limits>

#include "launch_fixture.h"

namespace {

template <class T>
concept HasAtomicAdd = requires(T* address) {
  atomicAdd(address, T{1});
};
static_assert(HasAtomicAdd<int> && HasAtomicAdd<unsigned long long>);
static_assert(!HasAtomicAdd<float> && !HasAtomicAdd<double>, "their order would matter");

TEST(IntrinsicsTest, Bits) {
  EXPECT_EQ(__popc(0xf0f0u), 8);
  EXPECT_EQ(__popcll(~0ull), 64);
  EXPECT_EQ(__clz(1), 31);
  EXPECT_EQ(__clz(0), 32);
  EXPECT_EQ(__ffs(0), 0);
  EXPECT_EQ(__ffs(8), 4);
  EXPECT_EQ(__brev(1u), 0x80000000u);
  EXPECT_EQ(__brev(0xd0000000u), 0xbu);
  EXPECT_EQ(__umulhi(0x80000000u, 6u), 3u);
  EXPECT_EQ(__mulhi(-0x40000000, 8), -2);
}

TEST(IntrinsicsTest, Reinterpretation) {
  EXPECT_EQ(__float_as_int(1.0f), 0x3f800000);
  EXPECT_EQ(__float_as_uint(-0.0f), 0x80000000u);
  EXPECT_EQ(__int_as_float(0x3f800000), 1.0f);
  EXPECT_EQ(__uint_as_float(0xc0000000u), -2.0f);
  EXPECT_EQ(__longlong_as_double(__double_as_longlong(0.1)), 0.1);
}

TEST(IntrinsicsTest, Rounding) {
  EXPECT_EQ(__float2int_rn(2.5f), 2);
  EXPECT_EQ(__float2int_rz(-2.7f), -2);
  EXPECT_EQ(__float2int_rd(-2.2f), -3);
  EXPECT_EQ(__saturatef(1.5f), 1.0f);
  EXPECT_EQ(__saturatef(-1.0f), 0.0f);
}

TEST(IntrinsicsTest, MinAndMax) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(min(3, -2), -2);
  EXPECT_EQ(max(3u, 5u), 5u);
  EXPECT_EQ(min(nan, 1.0f), 1.0f);  // as fminf: the number, not the NaN
  EXPECT_EQ(max(2.0, 1.0), 2.0);
}

TEST(IntrinsicsTest, Functions) {
  EXPECT_EQ(rsqrtf(4.0f), 0.5f);
  EXPECT_EQ(__fdividef(1.0f, 4.0f), 0.25f);
  EXPECT_EQ(__fmaf_rn(2.0f, 3.0f, 4.0f), 10.0f);
  float sine = 0, cosine = 0;
  sincospif(2.5f, &sine, &cosine);
  EXPECT_FLOAT_EQ(sine, 1.0f);
  EXPECT_NEAR(cosine, 0.0f, 1e-7f);  // one rounding of a number near 1e-17
}

TEST(IntrinsicsTest, VectorsCopyWhole) {
  const float4 a = make_float4(1, 2, 3, 4);
  float4 b{};
  EXPECT_EQ(b.w, 0.0f);
  b = a;
  const float4 c = b;
  EXPECT_EQ(c.x + 10 * c.y + 100 * c.z + 1000 * c.w, 4321.0f);
  const uint2 d = make_uint2(5, 6);
  const uint2 e = d;
  EXPECT_EQ(e.y, 6u);
  static_assert(alignof(float4) == 16 && alignof(double2) == 16 && alignof(float3) == 4);
  static_assert(sizeof(float3) == 12 && sizeof(uchar4) == 4);
}

TEST(IntrinsicsTest, GridsDefaultToOne) {
  const dim3 grid(7);
  EXPECT_EQ(grid.x * 100 + grid.y * 10 + grid.z, 711u);
}

}  // namespace
