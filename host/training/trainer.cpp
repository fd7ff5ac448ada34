#include "host/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/training/loss_warning.h"

namespace sac::training {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int64_t ceil_divide(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

bool finite(const Losses& l) {
  return std::isfinite(l.v) && std::isfinite(l.pi) && std::isfinite(l.q1) && std::isfinite(l.q2);
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, Learner& learner, RunDirectory& directory,
                 ProgressDisplay& progress, const Interrupts& interrupts)
    : config_(config),
      learner_(learner),
      directory_(directory),
      progress_(progress),
      interrupts_(interrupts),
      environment_(environment_info(config.learner.environment)),
      cycles_per_evaluation_(ceil_divide(config.eval_every, config.learner.updates_per_step)) {}

RunRecord Trainer::run() {
  warm_up();
  while ((record_.stop = stop_reason()) == StopReason::none) {
    train_slice();
    if (cycles_to_evaluation() == cycles_per_evaluation_) evaluate();
    progress_.tick(record_);
  }
  finish();
  return record_;
}

void Trainer::warm_up() {
  SliceLength slices;
  int64_t left = warmup_vector_steps(config_);
  while (left > 0 && stop_reason() == StopReason::none) {
    const int64_t steps = slices.next(left);
    timed(slices, steps, [this](int64_t n) { learner_.warm_up(n); });
    left -= steps;
    progress_.tick(record_);
  }
}

void Trainer::train_slice() {
  const int64_t longest = std::min(cycles_to_evaluation(), cycles_to_limit());
  timed(slices_, slices_.next(longest), [this](int64_t n) { learner_.train(n); });
}

void Trainer::timed(SliceLength& slices, int64_t cycles, const std::function<void(int64_t)>& work) {
  const Clock::time_point begin = Clock::now();
  work(cycles);
  const double seconds = seconds_since(begin);
  slices.took(cycles, seconds);
  const Progress progress = learner_.progress();
  record_.env_steps = progress.vector_steps * config_.learner.envs;
  record_.updates = progress.updates;
  record_.train_seconds += seconds;
  record_.wall_seconds = seconds_since(start_);
}

// Evaluations come after whole cycles, at multiples of cycles_per_evaluation_.
int64_t Trainer::cycles_to_evaluation() const {
  const int64_t done = record_.updates / config_.learner.updates_per_step;
  return cycles_per_evaluation_ - done % cycles_per_evaluation_;
}

// A cycle is one vector step and its updates.
int64_t Trainer::cycles_to_limit() const {
  int64_t left = std::numeric_limits<int64_t>::max();
  if (config_.steps) {
    left = ceil_divide(*config_.steps - record_.env_steps, config_.learner.envs);
  }
  if (config_.updates) {
    left = std::min(
        left, ceil_divide(*config_.updates - record_.updates, config_.learner.updates_per_step));
  }
  return left;
}

StopReason Trainer::stop_reason() const {
  if (interrupts_.signal() != 0) return StopReason::interrupted;
  if (diverged_) return StopReason::diverged;
  if (record_.seconds_to_solve && !config_.keep_going) return StopReason::solved;
  if (config_.steps && record_.env_steps >= *config_.steps) return StopReason::steps;
  if (config_.updates && record_.updates >= *config_.updates) return StopReason::updates;
  if (config_.time_limit && record_.wall_seconds >= *config_.time_limit) {
    return StopReason::time_limit;
  }
  return StopReason::none;
}

void Trainer::evaluate() {
  // Fresh start states each time: a policy must not be lucky with some that it meets again.
  note_evaluation(learner_.evaluate({.episodes = config_.eval_episodes,
                                     .seed = config_.learner.seed,
                                     .purpose = Purpose::monitor,
                                     .number = evaluations_++}));
  evaluated_updates_ = record_.updates;
  record_.wall_seconds = seconds_since(start_);
  directory_.add_evaluation(record_);
  if (!diverged_) save();
  progress_.evaluated(record_);
  if (const std::string warning = loss_warning(config_.learner, record_); !warning.empty()) {
    if (!warned_) progress_.note(warning);
    warned_ = true;
  }
}

void Trainer::note_evaluation(const std::vector<Evaluation>& evaluations) {
  const std::vector<Losses> losses = learner_.losses();
  const bool enough = config_.eval_episodes >= environment_.solved_episodes;
  bool all_solved = true;
  record_.returns = summarise(evaluations);
  record_.agents.resize(evaluations.size());
  for (size_t p = 0; p < evaluations.size(); ++p) {
    AgentRecord& agent = record_.agents[p];
    agent.returns = summarise({&evaluations[p], 1});
    agent.losses = losses[p];
    diverged_ = diverged_ || !finite(losses[p]);
    const bool solved = enough && agent.returns.mean >= environment_.solved_at;
    if (solved && !agent.seconds_to_solve) agent.seconds_to_solve = record_.train_seconds;
    all_solved = all_solved && solved;
  }
  record_.at_threshold = all_solved;
  if (all_solved && !record_.seconds_to_solve) record_.seconds_to_solve = record_.train_seconds;
}

void Trainer::save() {
  for (int agent = 0; agent < config_.learner.agents; ++agent) {
    directory_.write_checkpoint(agent, learner_.state(agent), record_);
  }
}

void Trainer::finish() {
  if (record_.stop == StopReason::interrupted) {
    save();
  } else if (record_.updates != evaluated_updates_) {
    evaluate();
    if (diverged_) record_.stop = StopReason::diverged;
  }
  record_.wall_seconds = seconds_since(start_);
  directory_.write_summary(record_);
}

}  // namespace sac::training
