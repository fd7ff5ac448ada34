#include "worker_pool.h"

namespace simt {

WorkerPool::WorkerPool(int threads) {
  for (int i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void WorkerPool::run(const std::function<void()>& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    ++jobs_;
    busy_ = helpers_.size();
  }
  changed_.notify_all();
  job();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return busy_ == 0; });
}

void WorkerPool::help() {
  uint64_t done = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return closing_ || jobs_ > done; });
    if (closing_) return;
    done = jobs_;
    const std::function<void()>& job = *job_;
    lock.unlock();
    job();
    lock.lock();
    if (--busy_ == 0) changed_.notify_all();
  }
}

}  // namespace simt
