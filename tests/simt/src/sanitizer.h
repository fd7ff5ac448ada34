// AddressSanitizer's interface, or nothing where it is not compiled in.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SIMT_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIMT_ADDRESS_SANITIZER
#endif
#endif

#ifdef SIMT_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simt::sanitizer {

#ifdef SIMT_ADDRESS_SANITIZER
inline constexpr bool kAddress = true;

inline void start_switch(void** fake_stack, const void* bottom, size_t size) {
  __sanitizer_start_switch_fiber(fake_stack, bottom, size);
}
inline void finish_switch(void* fake_stack, const void** old_bottom, size_t* old_size) {
  __sanitizer_finish_switch_fiber(fake_stack, old_bottom, old_size);
}
inline void poison(const void* begin, size_t size) {
  __asan_poison_memory_region(begin, size);
}
inline void unpoison(const void* begin, size_t size) {
  __asan_unpoison_memory_region(begin, size);
}
#else
inline constexpr bool kAddress = false;

inline void start_switch(void**, const void*, size_t) {}
inline void finish_switch(void*, const void**, size_t*) {}
inline void poison(const void*, size_t) {}
inline void unpoison(const void*, size_t) {}
#endif

}  // namespace simt::sanitizer
