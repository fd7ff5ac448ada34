#include "host/gradcheck/smooth_batch.h"

#include <stdexcept>

#include "host/gradcheck/plain_losses.h"
#include "kernels/random.h"

namespace sac::gradcheck {
namespace {

constexpr uint64_t kDraws = 1000;  ///< per row, before giving up

// Fills one row of a matrix with float values; `draw` maps an element's index to a value.
template <class Draw>
void fill_row(std::vector<double>& matrix, int row, int width, const Draw& draw) {
  for (int i = row * width; i < (row + 1) * width; ++i) {
    matrix[i] = draw(static_cast<uint32_t>(i));
  }
}

void draw_row(const LearnerConfig& c, int row, uint64_t draw, Batch& batch) {
  // Each field has its own stream: step 8 draw, 8 draw + 1, ...
  uint64_t step = 8 * draw;
  const auto normals = [&](std::vector<double>& matrix, int width) {
    fill_row(matrix, row, width, [&](uint32_t element) {
      return random_normal<float>({c.seed}, Purpose::explore, element, step);
    });
    ++step;
  };
  normals(batch.obs, c.shape.obs);
  normals(batch.reward, 1);
  normals(batch.next_obs, c.shape.obs);
  normals(batch.target_noise, c.shape.act);
  normals(batch.policy_noise, c.shape.act);
  fill_row(batch.action, row, c.shape.act, [&](uint32_t element) {
    const uint32_t word = random_word({c.seed}, Purpose::explore, element, step);
    return static_cast<float>(c.max_action) * (2 * uniform01<float>(word) - 1);
  });
}

}  // namespace

Batch smooth_batch(const LearnerConfig& c, const std::vector<double>& parameters) {
  const size_t rows = c.batch, obs = c.shape.obs, act = c.shape.act;
  const auto zeros = [](size_t size) { return std::vector<double>(size); };
  Batch batch{.size = c.batch,
              .obs = zeros(rows * obs),
              .action = zeros(rows * act),
              .reward = zeros(rows),
              .next_obs = zeros(rows * obs),
              .terminated = zeros(rows),
              .target_noise = zeros(rows * act),
              .policy_noise = zeros(rows * act)};
  const double margin = kink_margin(c.precision);
  for (int row = 0; row < c.batch; ++row) {
    batch.terminated[row] = row % 3 == 2 ? 1 : 0;
    uint64_t draw = 0;
    do {
      if (draw == kDraws) throw std::runtime_error("no batch found that keeps clear of the kinks");
      draw_row(c, row, draw++, batch);
    } while (distance_to_kink(c.shape, c.hyper, c.max_action, parameters, batch, row) < margin);
  }
  return batch;
}

}  // namespace sac::gradcheck
