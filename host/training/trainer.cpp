#include "host/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "host/training/annealing.h"
#include "host/training/loss_warning.h"
#include "host/training/soundness.h"

namespace sac::training {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

constexpr int64_t kDiagnosedTransitions = 256;

/// Over the environments that have ended an episode; empty if none has.
std::optional<double> mean_return(const std::vector<float>& episode_returns) {
  double sum = 0;
  int64_t count = 0;
  for (const float r : episode_returns) {
    if (std::isnan(r)) continue;
    sum += r;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

int64_t ceil_divide(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, Learner& learner, RunFiles& files, TrainingView& view,
                 const Callbacks& callbacks, const RunRecord& record)
    : config_(config),
      learner_(learner),
      files_(files),
      view_(view),
      callbacks_(callbacks),
      seconds_before_(record.wall_seconds),
      cycles_per_evaluation_(ceil_divide(config.eval_every, config.learner.updates_per_step)),
      record_(record) {
  record_.agents.resize(config.learner.agents);
  record_.failures.resize(config.learner.agents);
  for (int p = 0; p < config.learner.agents; ++p) {
    AgentRecord& agent = record_.agents[p];
    // Those that stopped last have missed nothing yet.
    if (config.keep_going && agent.updates_to_solve == record_.updates) agent.retired = false;
    if (!record_.learns(p)) learner_.retire(p);
    if (!config.own.empty()) learner_.set_hyperparameters(p, config.own[p]);
  }
  anneal_solved();
}

RunRecord Trainer::run() {
  warm_up();
  while ((record_.stop = stop_reason()) == StopReason::none) {
    if (!evaluation_due()) train_slice();  // else a resumed run was ended before it
    check_losses();
    if (evaluation_due()) evaluate();
    after_slice();
  }
  finish();
  return record_;
}

void Trainer::warm_up() {
  SliceLength slices;
  int64_t left = warmup_vector_steps(config_) - learner_.progress().vector_steps;
  while (left > 0 && stop_reason() == StopReason::none) {
    const int64_t steps = slices.next(left);
    timed(slices, steps, [this](int64_t n) { learner_.warm_up(n); });
    left -= steps;
    after_slice();
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
  record_.wall_seconds = wall_seconds();
}

double Trainer::wall_seconds() const {
  return seconds_before_ + seconds_since(start_);
}

bool Trainer::out_of_time() const {
  return config_.time_limit && wall_seconds() >= *config_.time_limit;
}

bool Trainer::interrupted() const {
  return callbacks_.interrupted && callbacks_.interrupted();
}

// Evaluations come after whole cycles, at multiples of cycles_per_evaluation_.
int64_t Trainer::cycles_to_evaluation() const {
  const int64_t done = record_.updates / config_.learner.updates_per_step;
  return cycles_per_evaluation_ - done % cycles_per_evaluation_;
}

bool Trainer::evaluation_due() const {
  return record_.updates > 0 && record_.updates != record_.evaluated_updates &&
         cycles_to_evaluation() == cycles_per_evaluation_;
}

// A cycle is one vector step and its updates.
int64_t Trainer::cycles_to_limit() const {
  int64_t left = std::numeric_limits<int64_t>::max();
  if (config_.steps) {
    left = ceil_divide(*config_.steps - record_.env_steps, config_.learner.envs);
  }
  if (const auto limit = update_limit(config_)) {
    left = std::min(left, ceil_divide(*limit - record_.updates, config_.learner.updates_per_step));
  }
  return left;
}

StopReason Trainer::stop_reason() const {
  if (interrupted()) return StopReason::interrupted;
  if (const StopReason ended = record_.all_ended(); ended != StopReason::none) return ended;
  if (config_.steps && record_.env_steps >= *config_.steps) return StopReason::steps;
  const auto most_updates = update_limit(config_);
  if (most_updates && record_.updates >= *most_updates) return StopReason::updates;
  if (out_of_time()) return StopReason::time_limit;
  return StopReason::none;
}

void Trainer::evaluate() {
  const auto evaluations = evaluate_agents(config_, learner_, record_,
                                           [this] { return interrupted() || out_of_time(); });
  if (evaluations.empty()) return;  // given up
  ++record_.evaluations;
  record_.evaluated_updates = record_.updates;
  record_.wall_seconds = wall_seconds();
  const std::vector<Losses> losses = learner_.losses();
  for (size_t p = 0; p < evaluations.size(); ++p) {
    if (evaluations[p]) note(static_cast<int>(p), *evaluations[p], losses[p]);
  }
  summarise_latest(record_, config_.target_return);
  if (!config_.keep_going) retire_solved();
  files_.add_evaluation(record_);
  view_.evaluated(record_);
  anneal_solved();
  if (const std::string warning = loss_warning(config_.learner, record_); !warning.empty()) {
    if (!warned_) view_.note(warning);
    warned_ = true;
  }
  if (callbacks_.evaluated) callbacks_.evaluated(record_);
}

void Trainer::note(int p, const AgentEvaluation& evaluation, const Losses& losses) {
  AgentRecord& agent = record_.agents[p];
  const bool best = is_best(agent, evaluation);
  agent.evaluated_updates = record_.updates;
  agent.returns = evaluation.returns;
  agent.confirmation = evaluation.confirmation;
  agent.losses = losses;
  agent.training_return = mean_return(learner_.episode_returns(p));
  const AgentState state = learner_.state(p);
  agent.diagnostics =
      diagnostics::diagnose(config_.learner, p, state.parameters,
                            learner_.newest(p, kDiagnosedTransitions), state.updates);
  fail(p, unsound_numbers<double>(config_.learner.shape, losses, state.parameters, state.updates));
  if (record_.failed(p)) return;
  files_.write_checkpoint(p, state, record_);
  if (evaluation.confirmed && !agent.solved()) {
    agent.seconds_to_solve = record_.train_seconds;
    agent.updates_to_solve = record_.updates;
  }
  if (!best) return;
  agent.best = evaluation.confirmed ? *evaluation.confirmation : evaluation.returns;
  files_.write_best(p, state, record_);
}

void Trainer::retire_solved() {
  for (int p = 0; p < config_.learner.agents; ++p) {
    AgentRecord& agent = record_.agents[p];
    if (!agent.solved() || agent.retired) continue;
    agent.retired = true;
    learner_.retire(p);
  }
}

// From evaluation to evaluation: what an agent learns with follows from the record, so that a
// resumed run goes on with the same.
void Trainer::anneal_solved() {
  for (int p = 0; p < config_.learner.agents; ++p) {
    const AgentRecord& agent = record_.agents[p];
    if (!agent.solved() || !record_.learns(p)) continue;
    learner_.set_hyperparameters(
        p, annealed(config_.own.empty() ? config_.learner.hyper : config_.own[p],
                    *agent.updates_to_solve, record_.evaluated_updates));
  }
}

int Trainer::count_agents(bool (RunRecord::*which)(size_t) const) const {
  int count = 0;
  for (size_t p = 0; p < record_.agents.size(); ++p) count += (record_.*which)(p) ? 1 : 0;
  return count;
}

void Trainer::fail(size_t agent, const std::string& unsound) {
  if (unsound.empty() || record_.failed(agent)) return;
  record_.failures[agent] = unsound;
  learner_.retire(static_cast<int>(agent));
  view_.failed(agent, unsound);
}

// Losses are looked at after every slice, which costs nothing; parameters, of which a ReLU can hide
// a NaN from the losses, where they are at hand anyway: before they are written.
void Trainer::check_losses() {
  const std::vector<Losses> losses = learner_.losses();
  for (size_t p = 0; p < losses.size(); ++p) {
    if (losses[p].not_finite_since == 0 || record_.failed(p)) continue;
    const AgentState state = learner_.state(static_cast<int>(p));
    fail(p, unsound_numbers<double>(config_.learner.shape, losses[p], state.parameters,
                                    state.updates));
  }
}

void Trainer::after_slice() {
  view_.tick(record_);
  if (config_.save_every > 0 && seconds_since(saved_) >= config_.save_every && !files_.saving()) {
    save_state();
  }
  for (const std::string& line : files_.news()) view_.warn(line);
}

// With all agents lost, the last state that was saved is worth more.
void Trainer::save_state() {
  saved_ = Clock::now();
  Snapshot snapshot = learner_.snapshot();
  for (size_t p = 0; p < snapshot.agents.size(); ++p) {
    const AgentSnapshot& agent = snapshot.agents[p];
    fail(p, unsound_numbers<float>(config_.learner.shape, agent.losses, agent.parameters,
                                   snapshot.progress.updates));
  }
  if (count_agents(&RunRecord::failed) == config_.learner.agents) return;
  files_.save_state(std::move(snapshot), record_);
}

void Trainer::finish() {
  // Before the last evaluation: what is evaluated out of turn is no part of a run that goes on.
  save_state();
  const bool at_a_limit = record_.stop == StopReason::steps || record_.stop == StopReason::updates;
  if (at_a_limit && record_.updates != record_.evaluated_updates) evaluate();
  if (record_.evaluations == 0) write_first_policies();
  if (count_agents(&RunRecord::failed) == config_.learner.agents) {
    record_.stop = StopReason::diverged;
  }
  record_.wall_seconds = wall_seconds();
  files_.write_summary(record_);
}

// A policy that was never evaluated is better than none.
void Trainer::write_first_policies() {
  for (int p = 0; p < config_.learner.agents; ++p) {
    if (!record_.failed(p)) files_.write_checkpoint(p, learner_.state(p), record_);
  }
}

}  // namespace sac::training
