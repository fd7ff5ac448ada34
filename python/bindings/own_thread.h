// Work that must not leave traces on the caller's thread, or be reached by its signals.
#pragma once

#include <nanobind/nanobind.h>

#include <csignal>
#include <future>
#include <thread>
#include <utility>

namespace sac::python {

/// A thread that no signal is delivered to, so that Python's handlers run in Python's threads:
/// those that oneDNN's compiled code runs on have been seen to crash after one.
template <class Work>
std::thread thread_without_signals(Work work) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

/// What work() returns or throws, without the GIL. A learner sets its thread's number of OpenMP
/// threads to 1, which on the caller's would slow down other libraries.
template <class Work>
auto on_a_thread_of_its_own(const Work& work) {
  const nanobind::gil_scoped_release without_gil;
  std::packaged_task<decltype(work())()> task(work);
  auto result = task.get_future();
  std::thread thread = thread_without_signals(std::move(task));
  thread.join();
  return result.get();
}

}  // namespace sac::python
