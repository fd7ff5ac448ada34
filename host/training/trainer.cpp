#include "host/training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "host/training/loss_warning.h"
#include "host/training/soundness.h"

namespace sac::training {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int64_t ceil_divide(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, Learner& learner, RunDirectory& directory,
                 ProgressDisplay& progress, const Interrupts& interrupts, const RunRecord& record)
    : config_(config),
      learner_(learner),
      directory_(directory),
      progress_(progress),
      interrupts_(interrupts),
      environment_(environment_info(config.learner.environment)),
      seconds_before_(record.wall_seconds),
      cycles_per_evaluation_(ceil_divide(config.eval_every, config.learner.updates_per_step)),
      record_(record) {
  record_.failures.resize(config.learner.agents);
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
  if (config_.updates) {
    left = std::min(
        left, ceil_divide(*config_.updates - record_.updates, config_.learner.updates_per_step));
  }
  return left;
}

StopReason Trainer::stop_reason() const {
  if (interrupts_.signal() != 0) return StopReason::interrupted;
  if (failed_agents() == config_.learner.agents) return StopReason::diverged;
  if (record_.seconds_to_solve && !config_.keep_going) {
    return failed_agents() > 0 ? StopReason::diverged : StopReason::solved;
  }
  if (config_.steps && record_.env_steps >= *config_.steps) return StopReason::steps;
  if (config_.updates && record_.updates >= *config_.updates) return StopReason::updates;
  if (out_of_time()) return StopReason::time_limit;
  return StopReason::none;
}

void Trainer::evaluate() {
  // Fresh start states each time: a policy must not be lucky with some that it meets again.
  const std::vector<Evaluation> evaluations =
      learner_.evaluate({.episodes = config_.eval_episodes,
                         .seed = config_.learner.seed,
                         .purpose = Purpose::monitor,
                         .number = static_cast<uint64_t>(record_.evaluations)},
                        [this] { return interrupts_.signal() != 0 || out_of_time(); });
  if (evaluations.empty()) return;  // given up
  ++record_.evaluations;
  record_.evaluated_updates = record_.updates;
  record_.wall_seconds = wall_seconds();
  note_evaluation(evaluations);
  directory_.add_evaluation(record_);
  write_policies();
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
    if (record_.failed(p)) continue;
    const bool solved = enough && agent.returns.mean >= environment_.solved_at;
    if (solved && !agent.seconds_to_solve) agent.seconds_to_solve = record_.train_seconds;
    all_solved = all_solved && solved;
  }
  record_.at_threshold = all_solved;
  if (all_solved && !record_.seconds_to_solve) record_.seconds_to_solve = record_.train_seconds;
}

int Trainer::failed_agents() const {
  return static_cast<int>(
      std::ranges::count_if(record_.failures, [](const std::string& f) { return !f.empty(); }));
}

void Trainer::fail(size_t agent, const std::string& unsound) {
  if (unsound.empty() || record_.failed(agent)) return;
  record_.failures[agent] = unsound;
  progress_.warn(fmt::format("agent {} is out of the run: {}", agent, unsound));
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

void Trainer::write_policies() {
  for (int p = 0; p < config_.learner.agents; ++p) {
    if (record_.failed(p)) continue;
    const AgentState state = learner_.state(p);
    AgentRecord& agent = record_.agents[p];
    fail(p, unsound_numbers<double>(config_.learner.shape, agent.losses, state.parameters,
                                    state.updates));
    if (record_.failed(p)) continue;
    directory_.write_checkpoint(p, state, record_);
    if (agent.best && agent.returns.mean <= *agent.best) continue;
    agent.best = agent.returns.mean;
    directory_.write_best(p, state, record_);
  }
}

void Trainer::after_slice() {
  progress_.tick(record_);
  if (config_.save_every > 0 && seconds_since(saved_) >= config_.save_every &&
      !directory_.saving()) {
    save_state();
  }
  for (const std::string& line : directory_.news()) progress_.warn(line);
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
  if (failed_agents() == config_.learner.agents) return;
  directory_.save_state({std::move(snapshot), record_, directory_.metrics()});
}

void Trainer::finish() {
  // Before the last evaluation: what is evaluated out of turn is no part of a run that goes on.
  save_state();
  const bool at_a_limit = record_.stop == StopReason::steps || record_.stop == StopReason::updates;
  if (at_a_limit && record_.updates != record_.evaluated_updates) evaluate();
  if (record_.evaluations == 0) write_first_policies();
  if (failed_agents() == config_.learner.agents) record_.stop = StopReason::diverged;
  record_.wall_seconds = wall_seconds();
  directory_.write_summary(record_);
}

// A policy that was never evaluated is better than none.
void Trainer::write_first_policies() {
  for (int p = 0; p < config_.learner.agents; ++p) {
    if (!record_.failed(p)) directory_.write_checkpoint(p, learner_.state(p), record_);
  }
}

}  // namespace sac::training
