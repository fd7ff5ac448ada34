// A team of threads that run numbered tasks. Made for many short parallel phases (tens of
// microseconds) on machines that may be busy:
//
// - Tasks are claimed one by one from a shared counter, so a thread that the system has put aside
//   holds up nothing it has not claimed: the caller does the rest alone.
// - Waiting is passive. A thread looks for new work for at most about 20 microseconds, then sleeps
//   in the kernel until the next phase.
//
// Which thread runs a task is left to chance; tasks that write to disjoint places and reduce in a
// fixed order give the same bits for any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace sac::cpu {

class Team {
 public:
  /// `threads` >= 1 counts the calling thread; `threads - 1` are started, each of which calls
  /// `on_start` once, before its first task.
  Team(int threads, void (*on_start)());
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls task(index, worker) for index = 0 .. count - 1, worker in [0, threads()), and returns
  /// when all have finished. The calling thread is worker 0. Tasks must not throw.
  template <class Task>
  void run(int count, const Task& task) {
    run_erased(
        count,
        [](const void* context, int index, int worker) {
          (*static_cast<const Task*>(context))(index, worker);
        },
        &task);
  }

 private:
  using Function = void (*)(const void* context, int index, int worker);

  void run_erased(int count, Function function, const void* context);
  void work(int worker);
  /// Claims and runs tasks of one phase until none is left.
  void drain(uint32_t phase, int worker);

  // The ticket is (phase << 32 | next task). A claim is a compare-and-swap on the whole word, so a
  // latecomer from an earlier phase can never take a task of this one by mistake.
  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<int> finished_{0};
  alignas(64) std::atomic<uint32_t> phase_{0};
  std::atomic<int> sleepers_{0};
  std::atomic<int> count_{0};
  std::atomic<Function> function_{nullptr};
  std::atomic<const void*> context_{nullptr};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

}  // namespace sac::cpu
