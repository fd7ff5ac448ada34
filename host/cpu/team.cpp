#include "host/cpu/team.h"

#include <chrono>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sac::cpu {
namespace {

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

/// Polls `ready` for at most about 20 microseconds; false if it has not come true by then.
template <class Ready>
bool poll(const Ready& ready) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::microseconds(20);
  do {
    for (int i = 0; i < 16; ++i) {
      if (ready()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < give_up);
  return false;
}

constexpr uint32_t phase_of(uint64_t ticket) {
  return static_cast<uint32_t>(ticket >> 32);
}
constexpr int next_of(uint64_t ticket) {
  return static_cast<int>(ticket & 0xffffffffu);
}

}  // namespace

Team::Team(int threads, void (*on_start)()) {
  for (int worker = 1; worker < threads; ++worker) {
    workers_.emplace_back([=, this] {
      on_start();
      work(worker);
    });
  }
}

Team::~Team() {
  stop_ = true;
  ++phase_;
  phase_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Team::run_erased(int count, Function function, const void* context) {
  const uint32_t phase = phase_.load(std::memory_order_relaxed) + 1;
  // No task of an earlier phase is running now, and none can be claimed once the ticket changes;
  // so a worker that reads a mixture of old and new values here fails its claim and looks again.
  ticket_.store(uint64_t{phase} << 32 | 0xffffffffu);
  count_.store(count);
  function_.store(function);
  context_.store(context);
  finished_.store(0);
  ticket_.store(uint64_t{phase} << 32);
  phase_.store(phase);
  if (sleepers_.load() > 0) phase_.notify_all();

  drain(phase, 0);
  const auto all_finished = [&] { return finished_.load() == count; };
  while (!poll(all_finished)) {
    const int seen = finished_.load();
    if (seen != count) finished_.wait(seen);
  }
}

void Team::drain(uint32_t phase, int worker) {
  uint64_t ticket = ticket_.load();
  for (;;) {
    const int count = count_.load();
    const Function function = function_.load();
    const void* const context = context_.load();
    if (phase_of(ticket) != phase || next_of(ticket) < 0 || next_of(ticket) >= count) return;
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1)) continue;
    function(context, next_of(ticket), worker);
    if (finished_.fetch_add(1) + 1 == count && worker != 0) finished_.notify_one();
    ticket = ticket_.load();
  }
}

void Team::work(int worker) {
  uint32_t seen = 0;
  for (;;) {
    const auto new_phase = [&] { return phase_.load() != seen; };
    while (!poll(new_phase)) {
      ++sleepers_;
      phase_.wait(seen);
      --sleepers_;
    }
    if (stop_) return;
    seen = phase_.load();
    drain(seen, worker);
  }
}

}  // namespace sac::cpu
