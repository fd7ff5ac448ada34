// Runs one block of a kernel on the calling host thread: one fiber per CUDA thread, which takes
// its turn until it waits for others or ends.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access_checker.h"
#include "arena.h"
#include "fault.h"
#include "fiber.h"
#include "findings.h"
#include "ready_queue.h"
#include "simt/launch.h"
#include "simt/warp.h"
#include "traffic.h"

namespace simt {

/// A launch that is being executed.
struct Launch {
  std::shared_ptr<const detail::KernelCall> call;
  dim3 grid, block;
  unsigned shared_bytes = 0;
};

/// A copy that cp.async issued and that no wait has performed.
struct PendingCopy {
  uint8_t* shared;
  const uint8_t* global;
  size_t bytes, source_bytes;
  uintptr_t site;  ///< of the issue
};

/// One CUDA thread.
struct Thread {
  enum class State { running, waiting, exited };

  Thread(unsigned index_, void (*entry)()) : fiber(entry, index_), index(index_) {}

  unsigned lane() const { return index % 32; }
  unsigned warp() const { return index / 32; }

  Fiber fiber;
  unsigned index;
  uint3 position{};
  State state = State::exited;
  std::string waits_at() const;  ///< in words

  const char* operation = "";  ///< what it waits in
  const char* file = "";
  int line = 0;
  unsigned mask = 0;  ///< of a warp collective; 0 for a block barrier

  std::vector<PendingCopy> copies;
  std::vector<size_t> copy_groups;  ///< ends of committed groups in `copies`
};

/// A warp collective that some of its lanes have reached.
struct Collective {
  unsigned mask;
  detail::CompleteCollective complete;  ///< null for a pure barrier
  unsigned arrived = 0;
  void* operands[32] = {};
};

struct Warp {
  unsigned present = 0;  ///< lanes that exist and have not exited
  std::vector<Collective> collectives;
};

class Machine {
 public:
  Machine() { catch_faults(); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();

  /// The calling host thread's machine.
  static Machine& of_this_host_thread();

  /// The machine whose block the calling host thread runs, or null.
  static Machine* running() { return current_; }

  /// While one lives, code on a fiber is the emulator's own and its accesses are not the kernel's.
  /// The linker may give the emulator functions of the standard library that were compiled for
  /// checking.
  class LayerScope {
   public:
    explicit LayerScope(Machine& machine) : machine_(machine), outer_(machine.in_layer_) {
      machine.in_layer_ = true;
    }
    LayerScope(const LayerScope&) = delete;
    LayerScope& operator=(const LayerScope&) = delete;
    ~LayerScope() { machine_.in_layer_ = outer_; }

   private:
    Machine& machine_;
    bool outer_;
  };
  bool in_layer() const { return in_layer_; }

  /// Before the first block of each launch.
  void begin_launch(const Launch& launch);

  /// Runs a block to its end. Returns the first thing found wrong in it, if any.
  std::optional<Finding> run_block(const Launch& launch, uint3 block);

  // For the thread that runs: what a kernel calls.
  int block_barrier(bool predicate, const char* file, int line);
  void warp_collective(const char* operation, unsigned mask, void* mine,
                       detail::CompleteCollective complete, const char* file, int line);

  /// A load or store of the running thread. Returns only if it may go ahead.
  void access(const void* address, size_t bytes, AccessKind kind, bool aligned, uintptr_t site);

  /// Adds the access to the counters, if they are wanted.
  void count(const void* address, size_t bytes, uintptr_t site);

  /// Reports a finding of the running thread; the launch goes on and fails at its end.
  void note(Finding finding, const std::string& line, const std::string& message);

  /// Ends the block, after a note. The caller's frames are dropped, not unwound.
  [[noreturn]] void give_up();

  Thread& thread() { return *running_; }
  const Launch& launch() const { return *launch_; }
  const Region* shared() const { return shared_; }
  Place place() const;

 private:
  static constinit thread_local Machine* current_;

  static void fiber_entry();
  void exit_thread();
  void start_block(const Launch& launch, uint3 block);
  void report_deadlock();
  void abandon_threads();
  void wait(Thread& self, const char* operation, unsigned mask, const char* file, int line);
  void complete_collectives(unsigned warp);
  void count_traffic();
  template <class F>
  void release(unsigned begin, unsigned end, F&& chosen);
  void run_next(Context& from);
  const Region* shared_region(size_t bytes);

  std::vector<std::unique_ptr<Thread>> threads_;  // as many as the largest block so far
  std::vector<Warp> warps_;
  ReadyQueue ready_;
  Context host_;
  Thread* running_ = nullptr;
  const Launch* launch_ = nullptr;
  const Region* shared_ = nullptr;
  std::map<size_t, Region*> shared_regions_;  // by size
  unsigned size_ = 0;                         // threads of the block
  unsigned exited_ = 0;
  bool in_layer_ = true;
  std::optional<Finding> found_;  // the first
  bool failed_ = false;           // the block cannot go on

  const bool checked_ = checked();
  bool counting_ = false;
  AccessChecker checker_;
  TrafficLog traffic_;

  unsigned arrived_ = 0;  // at the block's barrier
  const Thread* first_at_barrier_ = nullptr;
  int predicates_ = 0;  // true ones so far
  int barrier_result_ = 0;
};

}  // namespace simt
