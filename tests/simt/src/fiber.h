// Fibers: several stacks on one host thread, switched by hand.
#pragma once

#include <cstddef>
#include <cstdint>

#if !defined(__x86_64__) || defined(SIMT_UCONTEXT)
#define SIMT_PORTABLE_FIBERS
#include <ucontext.h>
#endif

namespace simt {

/// A place where execution can be suspended: a fiber, or the stack of the host thread itself.
class Context {
 public:
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// Suspends `from`, which is the one that runs, and continues `to`.
  static void switch_between(Context& from, Context& to);

 protected:
  /// The first statement of a fiber: completes the switch into it.
  static void enter();

  // Bounds of the stack; those of the host thread are learnt when it is first left.
  const void* bottom_ = nullptr;
  size_t size_ = 0;

#ifdef SIMT_PORTABLE_FIBERS
  ucontext_t state_;
#else
  void* stack_pointer_ = nullptr;
#endif

 private:
  static void complete_switch(void* fake_stack);

  void* fake_stack_ = nullptr;  // AddressSanitizer's
};

/// A stack of its own, between guard pages, that runs `entry`, which must not return.
class Fiber : public Context {
 public:
  /// `colour` staggers the tops of the stacks, which would otherwise share cache sets.
  Fiber(void (*entry)(), unsigned colour);
  ~Fiber();

  /// Forgets what the fiber was doing: the next switch to it starts `entry` from the beginning.
  void restart();

  /// Top of the stack, 16-byte aligned.
  void* top() const { return top_; }
  bool owns(const void* address) const {
    return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(bottom_) < size_;
  }
  /// True for an address in the guard page below the stack.
  bool overflows_at(const void* address) const;

 private:
  static void start();

  void (*entry_)();
  void* mapping_;
  void* top_;
};

}  // namespace simt
