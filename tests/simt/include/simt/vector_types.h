// CUDA's short vectors. The aligned ones are copied by one access of their whole width, as on the
// GPU, so that counters and checks see the accesses that the source states. That makes them not
// trivially copyable, and not aggregates; make_float4(...) and float4{...} both work.
#pragma once

namespace simt::detail {

/// An integer type of kBytes through which any object may be copied.
template <int kBytes>
struct Wide;
template <>
struct Wide<2> {
  typedef unsigned short Type __attribute__((may_alias));
};
template <>
struct Wide<4> {
  typedef unsigned Type __attribute__((may_alias));
};
template <>
struct Wide<8> {
  typedef unsigned long long Type __attribute__((may_alias));
};
template <>
struct Wide<16> {
  typedef unsigned Type __attribute__((vector_size(16), may_alias));
};

template <class V>
inline void copy_wide(V& to, const V& from) {
  using Type = typename Wide<sizeof(V)>::Type;
  reinterpret_cast<Type&>(to) = reinterpret_cast<const Type&>(from);
}

template <class T>
struct alignas(2 * sizeof(T)) Vector2 {
  T x, y;

  Vector2() = default;
  constexpr Vector2(T x_, T y_) : x(x_), y(y_) {}
  Vector2(const Vector2& other) { copy_wide(*this, other); }
  Vector2& operator=(const Vector2& other) {
    copy_wide(*this, other);
    return *this;
  }
};

template <class T>
struct Vector3 {
  T x, y, z;
};

template <class T>
struct alignas(4 * sizeof(T)) Vector4 {
  T x, y, z, w;

  Vector4() = default;
  constexpr Vector4(T x_, T y_, T z_, T w_) : x(x_), y(y_), z(z_), w(w_) {}
  Vector4(const Vector4& other) { copy_wide(*this, other); }
  Vector4& operator=(const Vector4& other) {
    copy_wide(*this, other);
    return *this;
  }
};

}  // namespace simt::detail

using char2 = simt::detail::Vector2<signed char>;
using char4 = simt::detail::Vector4<signed char>;
using uchar2 = simt::detail::Vector2<unsigned char>;
using uchar4 = simt::detail::Vector4<unsigned char>;
using short2 = simt::detail::Vector2<short>;
using short4 = simt::detail::Vector4<short>;
using ushort2 = simt::detail::Vector2<unsigned short>;
using ushort4 = simt::detail::Vector4<unsigned short>;
using int2 = simt::detail::Vector2<int>;
using int3 = simt::detail::Vector3<int>;
using int4 = simt::detail::Vector4<int>;
using uint2 = simt::detail::Vector2<unsigned>;
using uint3 = simt::detail::Vector3<unsigned>;
using uint4 = simt::detail::Vector4<unsigned>;
using float2 = simt::detail::Vector2<float>;
using float3 = simt::detail::Vector3<float>;
using float4 = simt::detail::Vector4<float>;
using longlong2 = simt::detail::Vector2<long long>;
using ulonglong2 = simt::detail::Vector2<unsigned long long>;
using double2 = simt::detail::Vector2<double>;
using double3 = simt::detail::Vector3<double>;

constexpr int2 make_int2(int x, int y) {
  return {x, y};
}
constexpr int3 make_int3(int x, int y, int z) {
  return {x, y, z};
}
constexpr int4 make_int4(int x, int y, int z, int w) {
  return {x, y, z, w};
}
constexpr uint2 make_uint2(unsigned x, unsigned y) {
  return {x, y};
}
constexpr uint3 make_uint3(unsigned x, unsigned y, unsigned z) {
  return {x, y, z};
}
constexpr uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
  return {x, y, z, w};
}
constexpr float2 make_float2(float x, float y) {
  return {x, y};
}
constexpr float3 make_float3(float x, float y, float z) {
  return {x, y, z};
}
constexpr float4 make_float4(float x, float y, float z, float w) {
  return {x, y, z, w};
}
constexpr double2 make_double2(double x, double y) {
  return {x, y};
}

/// Sizes of grids and blocks; what is not given is 1.
struct dim3 {
  unsigned x, y, z;

  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  constexpr operator uint3() const { return {x, y, z}; }
};
