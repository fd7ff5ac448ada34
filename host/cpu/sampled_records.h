// The replay records of a tile's rows, drawn uniformly.
#pragma once

#include <vector>

#include "host/cpu/agent.h"

namespace sac::cpu {

/// Drawing also starts to bring the records into the cache.
template <class Arithmetic>
class SampledRecords {
 public:
  using T = typename Arithmetic::Real;

  explicit SampledRecords(int rows) : records_(rows) {}

  /// Rows row0, row0 + 1, ... of gradient step `update`; `size` transitions lie in the replay.
  void draw(const Agent<Arithmetic>& agent, int row0, uint64_t update, uint32_t size) {
    const size_t record_size = record_layout(agent.shape).size;
    RandomBlock words{};
    uint32_t row = row0;
    for (const T*& record : records_) {
      if (&record == records_.data() || row % 4 == 0) {
        words = random_block(agent.key, Purpose::replay_index, row / 4, update);
      }
      record = &agent.replay[uniform_below(words.word[row % 4], size) * record_size];
      __builtin_prefetch(record);
      ++row;
    }
  }

  const T* operator[](int row) const { return records_[row]; }

 private:
  std::vector<const T*> records_;
};

}  // namespace sac::cpu
