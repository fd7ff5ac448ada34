#include "host/training/interrupts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>
#include <string>
#include <utility>

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

int64_t now_in_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void leave_at_once(int signal) {
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
    if (kListened[i].signal != signal) continue;
    const std::string& text = announcements[i];
    // Nothing to be done about a terminal that is gone.
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
  }
}

// Leaves a signal alone that somebody has chosen to ignore.
void replace_handler(int signal, void (*from)(int), void (*to)(int)) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  if (now.sa_handler != from) return;
  struct sigaction wanted {};
  wanted.sa_handler = to;
  wanted.sa_flags = SA_RESTART;
  sigaction(signal, &wanted, nullptr);
}

}  // namespace

Interrupts::Interrupts(bool announce) {
  received = 0;
  for (size_t i = 0; i < kListened.size(); ++i) {
    announcements[i].clear();
    if (announce) {
      announcements[i] =
          fmt::format("{}{}: finishing the step and saving; another signal leaves at once\n",
                      isatty(STDOUT_FILENO) ? "\r\033[K" : "", kListened[i].name);
    }
    replace_handler(kListened[i].signal, SIG_DFL, remember);
  }
  for (const int signal : kErrorsOfWrites) replace_handler(signal, SIG_DFL, SIG_IGN);
}

Interrupts::~Interrupts() {
  for (const Listened& listened : kListened) replace_handler(listened.signal, remember, SIG_DFL);
  for (const int signal : kErrorsOfWrites) replace_handler(signal, SIG_IGN, SIG_DFL);
}

int Interrupts::signal() const {
  return received;
}

}  // namespace sac::training
