#pragma once
#include "arena.h"
namespace simt {
inline void attach_shadow(Region&) {}
inline void detach_shadow(Region&) {}
inline void mark_initialised(void*, size_t) {}
inline void copy_initialised(void*, const void*, size_t) {}
}
