#include "fiber.h"

#include <sys/mman.h>

#include <new>

#include "sanitizer.h"

#ifndef SIMT_PORTABLE_FIBERS
// void simt_switch_stack(void** save_stack_pointer, void* load_stack_pointer): pushes the registers
// that a call preserves, changes stacks, and pops the other fiber's.
asm(R"(
.text
.globl simt_switch_stack
.hidden simt_switch_stack
.type simt_switch_stack, @function
simt_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size simt_switch_stack, . - simt_switch_stack
)");
extern "C" void simt_switch_stack(void** save_stack_pointer, void* load_stack_pointer);
#endif

namespace simt {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kStackBytes = 256 * 1024;  // address space; pages come with the first touch
constexpr size_t kColours = 16;
constexpr size_t kColourBytes = 320;  // an odd number of cache lines

thread_local Context* left = nullptr;  // the context that the latest switch suspended
thread_local Context* entered = nullptr;

}  // namespace

void Context::switch_between(Context& from, Context& to) {
  left = &from;
  entered = &to;
  sanitizer::start_switch(&from.fake_stack_, to.bottom_, to.size_);
#ifdef SIMT_PORTABLE_FIBERS
  swapcontext(&from.state_, &to.state_);
#else
  simt_switch_stack(&from.stack_pointer_, to.stack_pointer_);
#endif
  complete_switch(from.fake_stack_);
}

void Context::complete_switch(void* fake_stack) {
  const void* bottom = nullptr;
  size_t size = 0;
  sanitizer::finish_switch(fake_stack, &bottom, &size);
  if (left->bottom_ == nullptr) {
    left->bottom_ = bottom;
    left->size_ = size;
  }
}

void Context::enter() {
  complete_switch(nullptr);
}

Fiber::Fiber(void (*entry)(), unsigned colour) : entry_(entry) {
  mapping_ = mmap(nullptr, kPage + kStackBytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping_ == MAP_FAILED) throw std::bad_alloc();
  mprotect(mapping_, kPage, PROT_NONE);
  char* bottom = static_cast<char*>(mapping_) + kPage;
  bottom_ = bottom;
  size_ = kStackBytes;
  top_ = bottom + kStackBytes - colour % kColours * kColourBytes;
  restart();
}

Fiber::~Fiber() {
  sanitizer::unpoison(bottom_, size_);
  munmap(mapping_, kPage + kStackBytes);
}

void Fiber::start() {
  enter();
  static_cast<Fiber*>(entered)->entry_();
  __builtin_trap();
}

void Fiber::restart() {
  sanitizer::unpoison(bottom_, size_);
#ifdef SIMT_PORTABLE_FIBERS
  getcontext(&state_);
  state_.uc_stack.ss_sp = const_cast<void*>(bottom_);
  state_.uc_stack.ss_size =
      static_cast<size_t>(static_cast<char*>(top_) - static_cast<const char*>(bottom_));
  state_.uc_link = nullptr;
  makecontext(&state_, start, 0);
#else
  void** stack = static_cast<void**>(top_);
  *--stack = nullptr;  // where start would return to: the end of every backtrace
  *--stack = reinterpret_cast<void*>(&Fiber::start);
  stack -= 6;  // the registers that simt_switch_stack pops
  stack_pointer_ = stack;
#endif
}

bool Fiber::overflows_at(const void* address) const {
  return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(mapping_) < kPage;
}

}  // namespace simt
