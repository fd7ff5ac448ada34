#include "machine.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <sstream>

#include "simt/inspect.h"
#include "simt/thread.h"

constinit thread_local uint3 threadIdx{}, blockIdx{};
constinit thread_local dim3 blockDim, gridDim;

namespace simt {
namespace {

/// "0-3,7" for {0, 1, 2, 3, 7}.
std::string ranges(const std::vector<unsigned>& sorted) {
  std::ostringstream text;
  for (size_t i = 0; i < sorted.size();) {
    size_t last = i;
    while (last + 1 < sorted.size() && sorted[last + 1] == sorted[last] + 1) ++last;
    text << (i > 0 ? "," : "") << sorted[i];
    if (last > i) text << '-' << sorted[last];
    i = last + 1;
  }
  return text.str();
}

std::string hexadecimal(unsigned mask) {
  std::ostringstream text;
  text << "0x" << std::hex << mask;
  return text.str();
}

uint3 position_of(unsigned index, const dim3& block) {
  return {index % block.x, index / block.x % block.y, index / block.x / block.y};
}

}  // namespace

std::string Thread::waits_at() const {
  const std::string where = std::string(operation) + " (" + location(file, line);
  return mask == 0 ? where + ")" : where + ", mask " + hexadecimal(mask) + ")";
}

constinit thread_local Machine* Machine::current_ = nullptr;

Machine::~Machine() {
  for (const auto& [size, region] : shared_regions_) arena().release(region);
}

Machine& Machine::of_this_host_thread() {
  static thread_local Machine machine;
  return machine;
}

Place Machine::place() const {
  return {launch_->call->kernel(), blockIdx, running_->position};
}

void Machine::note(Finding finding, const std::string& line, const std::string& message) {
  if (!found_) found_ = finding;
  report(finding, place(), line, message);
}

void Machine::give_up() {
  failed_ = true;
  Context::switch_between(running_->fiber, host_);
  __builtin_unreachable();
}

void Machine::begin_launch(const Launch& launch) {
  if (checked_) checker_.begin_launch();
  counting_ = checked_ && options().count;
  if (counting_) count_launch(launch.call->kernel());
}

std::optional<Finding> Machine::run_block(const Launch& launch, uint3 block) {
  start_block(launch, block);
  current_ = this;
  run_next(host_);
  current_ = nullptr;
  if (!failed_ && exited_ < size_) report_deadlock();
  if (exited_ < size_) abandon_threads();
  if (counting_) count_traffic();
  return found_;
}

void Machine::start_block(const Launch& launch, uint3 block) {
  launch_ = &launch;
  size_ = launch.block.x * launch.block.y * launch.block.z;
  shared_ = launch.shared_bytes > 0 ? shared_region(launch.shared_bytes) : nullptr;
  if (shared_) std::memset(shared_->begin, 0xff, shared_->size);
  blockIdx = block;
  blockDim = launch.block;
  gridDim = launch.grid;
  while (threads_.size() < size_) {
    threads_.push_back(
        std::make_unique<Thread>(static_cast<unsigned>(threads_.size()), fiber_entry));
  }
  warps_.resize((size_ + 31) / 32);
  for (Warp& warp : warps_) warp = {};
  std::array<unsigned, ReadyQueue::kCapacity> all;
  for (unsigned i = 0; i < size_; ++i) {
    Thread& thread = *threads_[i];
    thread.position = position_of(i, launch.block);
    thread.state = Thread::State::running;
    thread.copies.clear();
    thread.copy_groups.clear();
    warps_[i / 32].present |= 1u << i % 32;
    all[i] = i;
  }
  const uint64_t linear = (uint64_t{block.z} * launch.grid.y + block.y) * launch.grid.x + block.x;
  ready_.begin(options().threads, options().seed ^ linear * 0x9e3779b97f4a7c15u);
  ready_.release({all.data(), size_});
  if (checked_) checker_.begin_block(static_cast<unsigned>(warps_.size()), shared_);
  if (counting_) traffic_.begin_block(static_cast<unsigned>(warps_.size()));
  exited_ = 0;
  found_ = std::nullopt;
  failed_ = false;
  arrived_ = 0;
  predicates_ = 0;
}

const Region* Machine::shared_region(size_t bytes) {
  Region*& region = shared_regions_[bytes];
  if (!region) region = arena().allocate(bytes, Space::shared);
  if (!region) throw std::bad_alloc();
  return region;
}

void Machine::fiber_entry() {
  for (;;) {
    current_->in_layer_ = false;
    (*current_->launch_->call)();
    current_->in_layer_ = true;
    current_->exit_thread();
  }
}

/// Gives the processor to the next thread that can run, or back to the host.
void Machine::run_next(Context& from) {
  if (ready_.empty()) {
    Context::switch_between(from, host_);
    return;
  }
  Thread& next = *threads_[ready_.take()];
  running_ = &next;
  threadIdx = next.position;
  if (&next.fiber != &from) Context::switch_between(from, next.fiber);
}

void Machine::exit_thread() {
  Thread& self = *running_;
  self.state = Thread::State::exited;
  ++exited_;
  warps_[self.warp()].present &= ~(1u << self.lane());
  complete_collectives(self.warp());
  run_next(self.fiber);
}

void Machine::wait(Thread& self, const char* operation, unsigned mask, const char* file, int line) {
  self.state = Thread::State::waiting;
  self.operation = operation;
  self.mask = mask;
  self.file = file;
  self.line = line;
}

int Machine::block_barrier(bool predicate, const char* file, int line) {
  const LayerScope scope(*this);
  Thread& self = *running_;
  wait(self, "__syncthreads", 0, file, line);
  if (arrived_ == 0) first_at_barrier_ = &self;
  const Thread& first = *first_at_barrier_;
  if (first.line != line || std::strcmp(first.file, file) != 0) {
    note(Finding::divergent_barrier, location(file, line),
         "waits at " + self.waits_at() + " while thread " + to_string(first.position) +
             " waits at " + first.waits_at());
    give_up();
  }
  predicates_ += predicate;
  if (++arrived_ == size_) {
    barrier_result_ = predicates_;
    arrived_ = 0;
    predicates_ = 0;
    if (checked_) checker_.block_barrier();
    if (counting_) count_traffic();
    release(0, size_, [](unsigned) { return true; });
  }
  run_next(self.fiber);
  return barrier_result_;
}

template <class F>
void Machine::release(unsigned begin, unsigned end, F&& chosen) {
  std::array<unsigned, ReadyQueue::kCapacity> released;
  unsigned count = 0;
  for (unsigned i = begin; i < end; ++i) {
    if (!chosen(i)) continue;
    threads_[i]->state = Thread::State::running;
    released[count++] = i;
  }
  ready_.release({released.data(), count});
}

void Machine::warp_collective(const char* operation, unsigned mask, void* mine,
                              detail::CompleteCollective complete, const char* file, int line) {
  const LayerScope scope(*this);
  Thread& self = *running_;
  const unsigned bit = 1u << self.lane();
  Warp& warp = warps_[self.warp()];
  wait(self, operation, mask, file, line);
  if ((mask & bit) == 0) {
    note(Finding::warp_mask, location(file, line),
         "lane " + std::to_string(self.lane()) + " is not in the mask of its own " +
             self.waits_at());
    give_up();
  }
  Collective* joined = nullptr;
  for (Collective& other : warp.collectives) {
    if (other.mask == mask && other.complete == complete) {
      joined = &other;
    } else if ((other.mask & bit) != 0) {
      const Thread& waiting =
          *threads_[self.warp() * 32 + static_cast<unsigned>(std::countr_zero(other.arrived))];
      note(Finding::warp_mask, location(file, line),
           "calls " + self.waits_at() + " while lane " + std::to_string(waiting.lane()) +
               " expects it at " + waiting.waits_at());
      give_up();
    }
  }
  if (!joined)
    joined = &warp.collectives.emplace_back(Collective{.mask = mask, .complete = complete});
  joined->operands[self.lane()] = mine;
  joined->arrived |= bit;
  complete_collectives(self.warp());
  run_next(self.fiber);
}

void Machine::complete_collectives(unsigned index) {
  Warp& warp = warps_[index];
  std::erase_if(warp.collectives, [&](Collective& collective) {
    if (collective.arrived != (collective.mask & warp.present)) return false;
    if (counting_) traffic_.count(launch_->call->kernel(), index, collective.arrived);
    if (collective.complete) {
      collective.complete(collective.operands, collective.arrived);
    } else {
      checker_.warp_barrier(index, collective.arrived);
    }
    release(index * 32, std::min(index * 32 + 32, size_),
            [&](unsigned i) { return (collective.arrived >> i % 32 & 1u) != 0; });
    return true;
  });
}

void Machine::count_traffic() {
  for (unsigned warp = 0; warp < warps_.size(); ++warp) {
    traffic_.count(launch_->call->kernel(), warp, 0xffffffffu);
  }
}

void Machine::report_deadlock() {
  std::map<std::string, std::vector<unsigned>> groups;
  const Thread* first_waiting = nullptr;
  bool in_collective = false;
  for (unsigned i = 0; i < size_; ++i) {
    const Thread& thread = *threads_[i];
    const bool waits = thread.state == Thread::State::waiting;
    groups[waits ? "wait at " + thread.waits_at() : "have exited"].push_back(i);
    if (waits && !first_waiting) first_waiting = &thread;
    in_collective |= waits && thread.mask != 0;
  }
  std::string message = "no thread can go on:";
  for (const auto& [what, who] : groups) message += " threads " + ranges(who) + ' ' + what + ';';
  message.pop_back();
  running_ = threads_[first_waiting->index].get();
  note(in_collective ? Finding::warp_mask : Finding::divergent_barrier,
       location(first_waiting->file, first_waiting->line), message);
}

void Machine::abandon_threads() {
  for (unsigned i = 0; i < size_; ++i) {
    if (threads_[i]->state != Thread::State::exited) threads_[i]->fiber.restart();
  }
}

}  // namespace simt
