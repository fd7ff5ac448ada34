#include "fault.h"

#include "machine.h"
#include "sanitizer.h"

#ifdef __x86_64__
#include <csignal>
#include <mutex>
#include <vector>

namespace simt {
namespace {

thread_local const void* fault_address = nullptr;
thread_local uintptr_t fault_code = 0;
struct sigaction previous[2];  // SIGSEGV, SIGBUS

/// Runs in place of the faulting instruction, on the emptied stack of its fiber.
[[noreturn]] void give_up_launch() {
  Machine& machine = *Machine::running();
  const bool overflow = machine.thread().fiber.overflows_at(fault_address);
  machine.note(Finding::out_of_bounds, source_line(fault_code + 1),
               overflow ? std::string("stack overflow")
                        : "accesses memory at " + arena().describe(fault_address));
  machine.give_up();
}

void handle(int signal, siginfo_t* info, void* context) {
  Machine* machine = Machine::running();
  if (!machine) {  // not ours: the instruction faults again under the handler that was there before
    sigaction(signal, &previous[signal == SIGBUS], nullptr);
    return;
  }
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  fault_address = info->si_addr;
  fault_code = static_cast<uintptr_t>(registers[REG_RIP]);
  registers[REG_RIP] = reinterpret_cast<greg_t>(&give_up_launch);
  registers[REG_RSP] = reinterpret_cast<greg_t>(machine->thread().fiber.top()) - 8;
}

}  // namespace

void catch_faults() {
  if (sanitizer::kAddress) return;
  static thread_local std::vector<char> stack(64 * 1024);  // a fiber's own may be used up
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  sigaltstack(&alternative, nullptr);
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &previous[0]);
    sigaction(SIGBUS, &action, &previous[1]);
  });
}

}  // namespace simt
#else
void simt::catch_faults() {}
#endif
