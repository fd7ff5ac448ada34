#include "host/sweep/launch_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sac::sweep {

using training::RunRecord;
using training::StopReason;

LaunchFiles::LaunchFiles(const std::vector<LaunchedTrial>& trials,
                         const std::string& device_description) {
  for (const LaunchedTrial& trial : trials) trials_.emplace_back(trial, device_description);
}

LaunchFiles::Trial* LaunchFiles::trial_of(int agent) {
  const auto found = std::ranges::find_if(trials_, [&](const Trial& trial) {
    const int number = agent - trial.first_agent;
    return !trial.closed && number >= 0 && number < trial.config.learner.agents;
  });
  return found == trials_.end() ? nullptr : &*found;
}

RunRecord LaunchFiles::part(const Trial& trial, const RunRecord& record) {
  const int first = trial.first_agent, end = first + trial.config.learner.agents;
  RunRecord part{.env_steps = record.env_steps,
                 .updates = record.updates,
                 .evaluations = record.evaluations,
                 .evaluated_updates = record.evaluated_updates,
                 .train_seconds = record.train_seconds,
                 .wall_seconds = record.wall_seconds,
                 .agents = {record.agents.begin() + first, record.agents.begin() + end},
                 .returns = {},
                 .failures = {record.failures.begin() + first, record.failures.begin() + end},
                 .stop = record.stop};
  summarise_latest(part, trial.config.target_return);
  return part;
}

void LaunchFiles::close(Trial& trial, RunRecord part) {
  if (const StopReason ended = part.all_ended(); ended != StopReason::none) part.stop = ended;
  trial.directory.write_summary(part);
  trial.closed = true;
}

void LaunchFiles::add_evaluation(const RunRecord& record) {
  for (Trial& trial : trials_) {
    if (trial.closed) continue;
    RunRecord own = part(trial, record);
    trial.directory.add_evaluation(own);
    if (own.all_ended() != StopReason::none) close(trial, std::move(own));
  }
}

void LaunchFiles::write_checkpoint(int agent, const AgentState& state, const RunRecord& record) {
  if (Trial* trial = trial_of(agent)) {
    trial->directory.write_checkpoint(agent - trial->first_agent, state, record);
  }
}

void LaunchFiles::write_best(int agent, const AgentState& state, const RunRecord& record) {
  if (Trial* trial = trial_of(agent)) {
    trial->directory.write_best(agent - trial->first_agent, state, record);
  }
}

// As of a run of its own, the last state with a sound agent is worth more than one without.
void LaunchFiles::save_state(Snapshot snapshot, const RunRecord& record) {
  for (Trial& trial : trials_) {
    RunRecord own = part(trial, record);
    const bool lost = std::ranges::none_of(own.failures, &std::string::empty);
    if (trial.closed || lost) continue;
    const auto begin = std::move_iterator(snapshot.agents.begin() + trial.first_agent);
    trial.directory.save_state({snapshot.progress, {begin, begin + trial.config.learner.agents}},
                               own);
  }
}

bool LaunchFiles::saving() const {
  return std::ranges::any_of(trials_, [](const Trial& t) { return t.directory.saving(); });
}

void LaunchFiles::write_summary(const RunRecord& record) {
  for (Trial& trial : trials_) {
    if (!trial.closed) close(trial, part(trial, record));
  }
}

std::vector<std::string> LaunchFiles::news() {
  std::vector<std::string> all;
  for (Trial& trial : trials_) {
    std::vector<std::string> lines = trial.directory.news();
    std::ranges::move(lines, std::back_inserter(all));
  }
  return all;
}

std::optional<std::string> LaunchFiles::finish() {
  std::optional<std::string> first;
  for (Trial& trial : trials_) {
    const std::optional<std::string> failure = trial.directory.finish();
    if (!first) first = failure;
  }
  return first;
}

}  // namespace sac::sweep
