// cp.async: copies from device to shared memory that happen as late as the program allows. From
// the issue to the matching wait the destination holds NaN, so that a missing wait is seen; what
// is never waited for never arrives.
#pragma once

namespace simt {

/// Issues a copy of `bytes` (4, 8 or 16, both addresses aligned to it); only the first
/// `source_bytes` are read, the rest of the destination becomes zero.
void cp_async(void* shared, const void* global, int bytes, int source_bytes);

inline void cp_async_4(void* shared, const void* global) {
  cp_async(shared, global, 4, 4);
}
inline void cp_async_8(void* shared, const void* global) {
  cp_async(shared, global, 8, 8);
}
inline void cp_async_16(void* shared, const void* global) {
  cp_async(shared, global, 16, 16);
}
/// As above; zero fills the destination where `valid` is false, without reading `global`.
inline void cp_async_16_zfill(void* shared, const void* global, bool valid) {
  cp_async(shared, global, 16, valid ? 16 : 0);
}

/// Closes the group of this thread's copies issued since the last commit.
void cp_async_commit();

/// Performs this thread's copies, all but those of the `pending` latest groups. Other threads see
/// them after the next barrier.
void cp_async_wait(int pending);

/// Performs all of this thread's copies, committed or not.
void cp_async_wait_all();

}  // namespace simt
