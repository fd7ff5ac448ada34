#include "host/training/interrupts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include "host/terminal/text.h"

namespace sac::training {
namespace {

struct Listened {
  int signal;
  const char* name;
};
constexpr std::array<Listened, 5> kListened{{{SIGINT, "SIGINT"},
                                             {SIGTERM, "SIGTERM"},
                                             {SIGHUP, "SIGHUP"},
                                             {SIGUSR1, "SIGUSR1"},
                                             {SIGXCPU, "SIGXCPU"}}};

// Without them a write returns an error, and a closed pipe or a full quota ends nothing else.
constexpr std::array<int, 2> kErrorsOfWrites{SIGPIPE, SIGXFSZ};

constexpr int64_t kSameEventNanoseconds = 100'000'000;

std::atomic<int> received = 0;
std::atomic<int64_t> received_at = 0;
static_assert(std::atomic<int64_t>::is_always_lock_free, "a signal handler writes it");

// What the handler says, ready to be written: it may not allocate.
std::array<std::string, kListened.size()> announcements;

// Takes away what is live, if something is.
std::string_view clearing;

// Nothing to be done about a terminal that is gone.
void print(std::string_view text) {
  [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
}

int64_t now_in_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Leaves a signal alone that somebody has chosen to ignore.
void replace_handler(int signal, void (*from)(int), void (*to)(int), int flags = 0) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  if (now.sa_handler != from) return;
  struct sigaction wanted {};
  wanted.sa_handler = to;
  wanted.sa_flags = SA_RESTART | flags;
  sigaction(signal, &wanted, nullptr);
}

void leave_at_once(int signal) {
  print(clearing);
  std::signal(signal, SIG_DFL);
  raise(signal);  // takes effect when the handler returns
}

void remember(int signal) {
  const int64_t now = now_in_nanoseconds();
  int none = 0;
  if (!received.compare_exchange_strong(none, signal)) {
    const bool again = signal == received && now - received_at < kSameEventNanoseconds;
    if (!again) leave_at_once(signal);
    return;
  }
  received_at = now;
  for (size_t i = 0; i < kListened.size(); ++i) {
    if (kListened[i].signal == signal) print(announcements[i]);
  }
}

// The signal is not blocked here, so it stops the process at once, as if nobody had listened.
void stop(int signal) {
  print(clearing);
  std::signal(signal, SIG_DFL);
  raise(signal);  // returns when somebody continues the process
  replace_handler(signal, SIG_DFL, stop, SA_NODEFER);
}

sigset_t listened_set() {
  sigset_t set;
  sigemptyset(&set);
  for (const Listened& listened : kListened) sigaddset(&set, listened.signal);
  sigaddset(&set, SIGTSTP);
  return set;
}

}  // namespace

Interrupts::Interrupts(Announcement announcement) {
  received = 0;
  const bool live = announcement == Announcement::over_live;
  clearing = live ? terminal::kClearBelow : "";
  for (size_t i = 0; i < kListened.size(); ++i) {
    announcements[i].clear();
    if (announcement != Announcement::none) {
      announcements[i] =
          fmt::format("{}{}: finishing the step and saving; another signal leaves at once\n",
                      clearing, kListened[i].name);
    }
    replace_handler(kListened[i].signal, SIG_DFL, remember);
  }
  if (live) replace_handler(SIGTSTP, SIG_DFL, stop, SA_NODEFER);
  for (const int signal : kErrorsOfWrites) replace_handler(signal, SIG_DFL, SIG_IGN);
  const sigset_t listened = listened_set();
  pthread_sigmask(SIG_BLOCK, &listened, &mask_before_);
  listener_ = std::thread([this, listened] {
    pthread_sigmask(SIG_UNBLOCK, &listened, nullptr);
    ended_.wait(false);
  });
}

Interrupts::~Interrupts() {
  ended_ = true;
  ended_.notify_one();
  listener_.join();
  for (const Listened& listened : kListened) replace_handler(listened.signal, remember, SIG_DFL);
  replace_handler(SIGTSTP, stop, SIG_DFL);
  for (const int signal : kErrorsOfWrites) replace_handler(signal, SIG_IGN, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

int Interrupts::signal() const {
  return received;
}

}  // namespace sac::training
