#include "host/cpu/wave1.h"

#include <algorithm>

namespace sac {

Tiling::Tiling(int batch, int hidden) {
  const int most = hidden < 128 ? 128 : 64;
  count = (batch + 2 * most - 1) / (2 * most) * 2;
  rows = (batch + count - 1) / count;
  count = (batch + rows - 1) / rows;
}

int Tiling::rows_of(int tile, int batch) const {
  return std::min(rows, batch - begin(tile));
}

template <class T>
StepConstants<T>::StepConstants(const LearnerConfig& c)
    : gamma(static_cast<T>(c.hyper.gamma)),
      reward_scale(static_cast<T>(c.hyper.reward_scale)),
      max_action(static_cast<T>(c.max_action)),
      log_std_low(static_cast<T>(c.hyper.log_std.low)),
      log_std_high(static_cast<T>(c.hyper.log_std.high)),
      row_weight(T(1) / static_cast<T>(c.batch)) {}

template <class Numbers>
void SampledRecords<Numbers>::draw(const Agent<Numbers>& agent, int row0, uint64_t update,
                                   uint32_t size) {
  const size_t record_size = static_cast<size_t>(record_layout(agent.shape).size);
  RandomBlock words{};
  uint32_t row = static_cast<uint32_t>(row0);
  for (const T*& record : records_) {
    if (&record == records_.data() || row % 4 == 0) {
      words = random_block(agent.key, Purpose::replay_index, row / 4, update);
    }
    record = &agent.replay[uniform_below(words.word[row % 4], size) * record_size];
    __builtin_prefetch(record);
    ++row;
  }
}

template class SampledRecords<Float64>;
template class SampledRecords<Float32>;
template class SampledRecords<Bf16>;
template class SampledRecords<Bf16InFloat>;
template struct StepConstants<float>;
template struct StepConstants<double>;

}  // namespace sac
