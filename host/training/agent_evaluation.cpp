#include "host/training/agent_evaluation.h"

#include <algorithm>

namespace sac::training {
namespace {

bool needs_confirmation(const TrainConfig& config, const AgentRecord& before,
                        const Returns& returns) {
  const int enough = environment_info(config.learner.environment).solved_episodes;
  return returns.episodes >= enough && returns.mean >= config.target_return &&
         (!before.solved() || returns.mean > before.best.mean);
}

}  // namespace

std::vector<std::optional<AgentEvaluation>> evaluate_agents(const TrainConfig& config,
                                                            Learner& learner,
                                                            const RunRecord& record,
                                                            const Learner::GiveUp& give_up) {
  const size_t agents = record.agents.size();
  EpisodePlan plan{.episodes = config.eval_episodes,
                   .seed = config.learner.seed,
                   .purpose = Purpose::monitor,
                   .number = static_cast<uint64_t>(record.evaluations)};
  for (size_t p = 0; p < agents; ++p) plan.agents.push_back(record.learns(p));
  const std::vector<Evaluation> first = learner.evaluate(plan, give_up);
  if (first.empty()) return {};

  std::vector<std::optional<AgentEvaluation>> results(agents);
  std::vector<bool> again(agents, false);
  for (size_t p = 0; p < agents; ++p) {
    if (!record.learns(p)) continue;
    results[p].emplace().returns = summarise(first[p]);
    again[p] = needs_confirmation(config, record.agents[p], results[p]->returns);
  }
  if (std::ranges::find(again, true) == again.end()) return results;

  plan.episodes *= kConfirmationFactor;
  plan.purpose = Purpose::confirm;
  plan.agents = again;
  const std::vector<Evaluation> second = learner.evaluate(plan, give_up);
  if (second.empty()) return {};
  for (size_t p = 0; p < agents; ++p) {
    if (!again[p]) continue;
    const Returns r = summarise(second[p]);
    results[p]->confirmation = r;
    results[p]->confirmed = r.mean - 2 * r.standard_error() >= config.target_return;
  }
  return results;
}

bool is_best(const AgentRecord& before, const AgentEvaluation& now) {
  if (now.confirmed) return !before.solved() || now.confirmation->mean > before.best.mean;
  return !before.solved() && (before.best.episodes == 0 || now.returns.mean > before.best.mean);
}

}  // namespace sac::training
