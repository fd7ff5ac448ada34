#include "host/gymnasium/vector_environment.h"

#include <algorithm>

namespace sac::gymnasium {
namespace {

/// Environments that a thread steps in one go: some 20 microseconds.
constexpr int64_t kBlock = 1024;

int blocks_of(int64_t envs) {
  return static_cast<int>((envs + kBlock - 1) / kBlock);
}

}  // namespace

VectorEnvironment::VectorEnvironment(int environment, int64_t envs, Autoreset autoreset,
                                     int threads)
    : environment_(environment),
      envs_(envs),
      autoreset_(autoreset),
      batch_(simulation::make_environment_batch<float>(environment, envs, {0})),
      team_(std::min(threads, blocks_of(envs)), [] {}),
      terminated_(envs),
      truncated_(envs),
      waiting_(envs) {}

/// Calls work(begin, end) for all environments in blocks.
template <class Work>
void VectorEnvironment::share(const Work& work) {
  team_.run(blocks_of(envs_), [&](int block, int) {
    const int64_t begin = block * kBlock;
    work(begin, std::min(begin + kBlock, envs_));
  });
}

void VectorEnvironment::reset(std::optional<uint64_t> seed, float* obs) {
  if (seed) {
    batch_ = simulation::make_environment_batch<float>(environment_, envs_, {*seed});
    clock_ = 0;
  } else {
    ++clock_;  // the present one's start states may have been drawn
  }
  std::ranges::fill(waiting_, 0);
  const int64_t width = info().obs;
  share([&](int64_t begin, int64_t end) {
    batch_->reset(begin, end, Purpose::reset, clock_);
    batch_->observe(begin, end, {obs + begin * width, width});
  });
}

bool VectorEnvironment::step(const float* action, const StepArrays& out) {
  any_ended_ = false;
  share([&](int64_t begin, int64_t end) { step_block(begin, end, action, out); });
  ++clock_;
  return any_ended_;
}

// Those that wait for their next episode are few, or all: what lies between them is played in one
// piece.
void VectorEnvironment::step_block(int64_t begin, int64_t end, const float* action,
                                   const StepArrays& out) {
  for (int64_t e = begin; e < end;) {
    const int64_t next = std::find(&waiting_[e], waiting_.data() + end, 1) - waiting_.data();
    if (next > e) play(e, next, action, out);
    for (e = next; e < end && waiting_[e]; ++e) start_waiting(e, out);
  }
}

void VectorEnvironment::play(int64_t begin, int64_t end, const float* action,
                             const StepArrays& out) {
  const int64_t obs = info().obs, act = info().act;
  batch_->step(begin, end, clock_, {action + begin * act, act},
               {.reward = {out.reward + begin, 1},
                .terminated = {&terminated_[begin], 1},
                .truncated = {&truncated_[begin], 1},
                .next_obs = {out.obs + begin * obs, obs}});
  int any = 0;
  for (int64_t e = begin; e < end; ++e) {
    out.terminated[e] = terminated_[e] != 0;
    out.truncated[e] = truncated_[e] != 0;
    any |= terminated_[e] + truncated_[e] != 0 ? 1 : 0;
  }
  if (any == 0) return;
  any_ended_ = true;
  for (int64_t e = begin; e < end; ++e) {
    if (out.terminated[e] || out.truncated[e]) note_end(e, out);
  }
}

// The batch has begun the next episode already.
void VectorEnvironment::note_end(int64_t e, const StepArrays& out) {
  const int64_t width = info().obs;
  float* obs = out.obs + e * width;
  if (autoreset_ == Autoreset::next_step) {
    waiting_[e] = 1;
  } else {
    std::copy_n(obs, width, out.final_obs + e * width);
    batch_->observe(e, e + 1, {obs, width});
  }
}

void VectorEnvironment::start_waiting(int64_t e, const StepArrays& out) {
  const int64_t width = info().obs;
  batch_->observe(e, e + 1, {out.obs + e * width, width});
  out.reward[e] = 0;
  out.terminated[e] = out.truncated[e] = false;
  waiting_[e] = 0;
}

}  // namespace sac::gymnasium
