// Host threads that run one job together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace simt {

class WorkerPool {
 public:
  /// `threads` includes the caller of run().
  explicit WorkerPool(int threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  int threads() const { return static_cast<int>(helpers_.size()) + 1; }

  /// Calls job() once on every thread; returns when all calls have.
  void run(const std::function<void()>& job);

 private:
  void help();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* job_ = nullptr;
  uint64_t jobs_ = 0;  // given out so far
  size_t busy_ = 0;    // helpers that have not finished the latest
  bool closing_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace simt
