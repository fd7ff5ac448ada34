#include "host/training/interrupts.h"

#include <atomic>
#include <csignal>

namespace sac::training {
namespace {

std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

void set_handlers(void (*handler)(int)) {
  std::signal(SIGINT, handler);
  std::signal(SIGTERM, handler);
}

void remember(int signal) {
  received = signal;
  set_handlers(SIG_DFL);
}

}  // namespace

Interrupts::Interrupts() {
  received = 0;
  set_handlers(remember);
}

Interrupts::~Interrupts() {
  set_handlers(SIG_DFL);
}

int Interrupts::signal() const {
  return received;
}

}  // namespace sac::training
