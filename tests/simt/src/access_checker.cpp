#include "access_checker.h"

#include <algorithm>

extern "C" const char __ehdr_start;  // set by the linker

namespace simt {
namespace {

uint32_t program_offset(uintptr_t site) {
  return static_cast<uint32_t>(site - reinterpret_cast<uintptr_t>(&__ehdr_start));
}

std::string line_at(uint32_t offset) {
  return source_line(reinterpret_cast<uintptr_t>(&__ehdr_start) + offset);
}

const char* verb(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return "reads ";
    case AccessKind::write:
      return "writes ";
    case AccessKind::atomic:
      return "updates ";
  }
  return "";
}

std::string in_words(const Access& access) {
  return verb(access.kind) + std::to_string(access.bytes) + " bytes at " +
         arena().describe(access.region->begin + access.offset);
}

}  // namespace

void AccessChecker::begin_launch() {
  launch_start_ = ++phase_;
}

void AccessChecker::begin_block(unsigned warps, const Region* shared) {
  block_start_ = ++phase_;
  std::fill_n(time_.begin(), warps, 1u);
  std::fill_n(seen_.begin(), warps, Seen{});
  if (shared) set_initialised(*shared, 0, shared->size, false);
}

void AccessChecker::warp_barrier(unsigned warp, unsigned lanes) {
  Seen& seen = seen_[warp];
  std::array<uint32_t, 32> joined{};
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((lanes >> lane & 1u) == 0) continue;
    seen[lane][lane] = time_[warp];
    for (unsigned other = 0; other < 32; ++other) {
      joined[other] = std::max(joined[other], seen[lane][other]);
    }
  }
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((lanes >> lane & 1u) != 0) seen[lane] = joined;
  }
  ++time_[warp];
}

std::optional<Problem> AccessChecker::check(const Access& access) {
  std::optional<Problem> problem;
  const size_t end = access.offset + access.bytes;
  for (size_t at = access.offset; at < end;) {
    const size_t in_word = at % 4, count = std::min(4 - in_word, end - at);
    const auto bytes = static_cast<uint8_t>(((1u << count) - 1) << in_word);
    WordHistory& word = access.region->history[at / 4];
    if (races_with_write(access, word, bytes)) {
      problem = describe_race(access, word, true);
    } else if (access.kind != AccessKind::read && races_with_reads(access, word, bytes)) {
      problem = describe_race(access, word, false);
    }
    if (access.kind == AccessKind::read) {
      remember_read(access, word, bytes);
    } else {
      remember_write(access, word, bytes);
    }
    at += count;
  }
  if (access.kind != AccessKind::write &&
      !is_initialised(*access.region, access.offset, access.bytes)) {
    problem = {Finding::uninitialised_read,
               in_words(access) + ", which nobody wrote or an asynchronous copy has yet to write"};
  }
  if (access.kind != AccessKind::read) {
    set_initialised(*access.region, access.offset, access.bytes, true);
  }
  return problem;
}

Problem AccessChecker::describe_race(const Access& access, const WordHistory& word,
                                     bool with_write) const {
  std::string other;
  if (with_write) {
    const bool same_block = word.write_phase >= block_start_;
    other = (same_block ? "thread " + std::to_string(word.writer) : "another block") +
            (word.atomic_write ? " updates" : " writes") + " at " + line_at(word.write_site);
  } else {
    const bool same_block = word.read_phase >= block_start_ && !word.several_blocks;
    other = same_block ? "another thread reads" : "another block reads";
  }
  return {Finding::race, in_words(access) + ", which " + other + " with no barrier between"};
}

/// Shared memory begins with its block, other memory is there before the launch.
uint32_t AccessChecker::horizon(const Access& access) const {
  return access.region->space == Space::shared ? block_start_ : launch_start_;
}

bool AccessChecker::ordered(uint32_t phase, uint32_t time, unsigned earlier, unsigned later) const {
  if (phase < block_start_) return false;
  if (phase < phase_ || earlier == later) return true;
  return earlier / 32 == later / 32 && seen_[later / 32][later % 32][earlier % 32] >= time;
}

bool AccessChecker::races_with_write(const Access& access, const WordHistory& word,
                                     uint8_t bytes) const {
  if (word.write_phase < horizon(access) || (word.write_bytes & bytes) == 0) return false;
  if (word.atomic_write && access.kind == AccessKind::atomic) return false;
  return !ordered(word.write_phase, word.write_time, word.writer, access.thread);
}

bool AccessChecker::races_with_reads(const Access& access, const WordHistory& word,
                                     uint8_t bytes) const {
  if (word.read_phase < horizon(access) || (word.read_bytes & bytes) == 0) return false;
  if (word.several_blocks || word.read_phase < block_start_) return true;
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((word.read_lanes >> lane & 1u) != 0 &&
        !ordered(word.read_phase, word.read_time, word.read_warp * 32u + lane, access.thread)) {
      return true;
    }
  }
  return false;
}

void AccessChecker::remember_read(const Access& access, WordHistory& word, uint8_t bytes) const {
  const auto warp = static_cast<uint8_t>(access.thread / 32);
  const bool same_bytes = word.read_bytes == bytes;
  if (word.read_phase < horizon(access) || !same_bytes) {
    word.several_blocks = false;
  } else if (word.read_phase < block_start_) {
    word.several_blocks = true;
  }
  if (word.read_phase == phase_ && same_bytes) {
    if (word.read_warp != warp) word.read_warp = WordHistory::kSeveralWarps;
  } else {
    word.read_warp = warp;
    word.read_lanes = 0;
  }
  word.read_lanes |= 1u << access.thread % 32;
  word.read_phase = phase_;
  word.read_time = time_[warp];
  word.read_bytes = bytes & 15;
}

void AccessChecker::remember_write(const Access& access, WordHistory& word, uint8_t bytes) const {
  word.write_phase = phase_;
  word.write_time = time_[access.thread / 32];
  word.writer = static_cast<uint16_t>(access.thread);
  word.write_bytes = bytes & 15;
  word.write_site = program_offset(access.site);
  word.atomic_write = access.kind == AccessKind::atomic;
}

}  // namespace simt
