// A training run on a thread of its own, and the caller's thread at Python's service meanwhile: it
// prints, calls the callback, and looks for Ctrl-C.
#include "host/training/train.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "host/commands/command_line.h"
#include "python/bindings/bindings.h"
#include "python/bindings/own_thread.h"

namespace nb = nanobind;

namespace sac::python {
namespace {

constexpr std::chrono::milliseconds kLookForSignals{50};

/// What the training thread has for the calling one.
class Mailbox {
 public:
  /// By the training thread: a line to be printed.
  void say(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ += text;
    changed_.notify_all();
  }

  /// By the training thread: an evaluation; returns when it has been looked at.
  void show(const training::RunRecord& record) {
    std::unique_lock lock(mutex_);
    record_ = &record;
    changed_.notify_all();
    changed_.wait(lock, [this] { return record_ == nullptr; });
  }

  /// By the training thread: its last word.
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }

  struct Mail {
    std::string text;
    const training::RunRecord* record = nullptr;  ///< until `answered` is called
    bool finished = false;
  };

  /// By the calling thread: what has come, or nothing after a while.
  Mail wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLookForSignals,
                      [this] { return !text_.empty() || record_ != nullptr || finished_; });
    return {std::exchange(text_, ""), record_, finished_};
  }

  void answered() {
    const std::lock_guard lock(mutex_);
    record_ = nullptr;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  const training::RunRecord* record_ = nullptr;
  bool finished_ = false;
};

/// Posts what is printed whenever it is flushed.
class Lines : public std::stringbuf {
 public:
  explicit Lines(Mailbox& mailbox) : mailbox_(mailbox) {}

 private:
  int sync() override {
    mailbox_.say(str());
    str("");
    return 0;
  }

  Mailbox& mailbox_;
};

nb::dict evaluation(const training::RunRecord& r) {
  int solved = 0;
  for (const training::AgentRecord& agent : r.agents) solved += agent.solved() ? 1 : 0;
  nb::dict d;
  d["env_steps"] = r.env_steps;
  d["updates"] = r.updates;
  d["evaluations"] = r.evaluations;
  d["train_seconds"] = r.train_seconds;
  d["wall_seconds"] = r.wall_seconds;
  d["return_mean"] = r.returns.mean;
  d["return_std"] = r.returns.std;
  d["return_min"] = r.returns.min;
  d["return_max"] = r.returns.max;
  d["agents"] = r.agents.size();
  d["solved"] = solved;
  return d;
}

/// The run and those around it: `print` takes text, `callback` an evaluation's fields, and returns
/// true to end the run.
class Run {
 public:
  Run(training::TrainOptions options, nb::callable print, nb::object callback)
      : options_(std::move(options)), print_(std::move(print)), callback_(std::move(callback)) {}

  std::string operator()() {
    std::thread trainer = thread_without_signals([this] { train(); });
    bool finished = false;
    while (!finished) {
      Mailbox::Mail mail;
      {
        const nb::gil_scoped_release without_gil;
        mail = mailbox_.wait();
      }
      attend_to(mail);
      finished = mail.finished;
    }
    trainer.join();
    if (raised_) std::rethrow_exception(raised_);
    if (failed_) std::rethrow_exception(failed_);
    return directory_;
  }

 private:
  // On its own thread.
  void train() {
    try {
      Lines lines(mailbox_);
      std::ostream out(&lines);
      training::Callbacks callbacks{.interrupted = [this] { return stop_.load(); },
                                    .evaluated = {}};
      if (!callback_.is_none()) {
        callbacks.evaluated = [this](const training::RunRecord& r) { mailbox_.show(r); };
      }
      const auto mode =
          options_.quiet ? training::ProgressMode::quiet : training::ProgressMode::lines;
      directory_ = training::train(options_, {mode, out}, callbacks).directory.string();
    } catch (...) {
      failed_ = std::current_exception();
    }
    mailbox_.finish();
  }

  // What Python code raises ends the run as a signal does, and is raised once the run is saved;
  // what it raises after that is dropped.
  void attend_to(const Mailbox::Mail& mail) {
    guarded([&] {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
    });
    if (!mail.text.empty()) guarded([&] { print_(mail.text); });
    if (mail.record == nullptr) return;
    guarded([&] {
      if (stop_) return;
      if (nb::cast<bool>(nb::bool_(callback_(evaluation(*mail.record))))) stop_ = true;
    });
    mailbox_.answered();
  }

  template <class Work>
  void guarded(const Work& work) {
    try {
      work();
    } catch (...) {
      if (!raised_) raised_ = std::current_exception();
      stop_ = true;
    }
  }

  training::TrainOptions options_;
  nb::callable print_;
  nb::object callback_;
  Mailbox mailbox_;
  std::atomic<bool> stop_ = false;
  std::exception_ptr raised_;  ///< by Python code
  std::exception_ptr failed_;  ///< by the run
  std::string directory_;
};

std::string train(std::vector<std::string> arguments, nb::callable print, nb::object callback) {
  return Run(commands::train_options(std::move(arguments)), std::move(print),
             std::move(callback))();
}

}  // namespace

void bind_train(nb::module_& module) {
  module.def("train", &train, nb::arg("arguments"), nb::arg("print"), nb::arg("callback").none());
}

}  // namespace sac::python
