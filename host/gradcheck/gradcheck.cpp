#include "host/gradcheck/gradcheck.h"

#include <utility>

#include "host/gradcheck/check_start.h"
#include "host/gradcheck/sampler_check.h"
#include "host/gradcheck/smooth_batch.h"

namespace sac::gradcheck {
namespace {

std::vector<Check> and_sampler(std::vector<Check> checks, const LearnerConfig& config,
                               const ErrorModel& model, Learner& learner) {
  std::vector<Check> sampler = check_sampler(config, learner, model);
  checks.insert(checks.end(), sampler.begin(), sampler.end());
  return checks;
}

}  // namespace

CheckedLearners check_gradients(const LearnerConfig& config, Learner& learner, Learner& reference,
                                const ReportShare& report) {
  learner.load(0, check_start(config, learner.state(0)));
  const AgentState before = learner.state(0);
  reference.load(0, before);
  const Batch batch = smooth_batch(config, before.parameters);
  const StepResult got = learner.gradient_step(batch), right = reference.gradient_step(batch);

  const ErrorModel in_float = float_model(config);
  const ErrorModel in_double{kDoubleRounding, config.shape.hidden, config.batch};
  const Definition definition = define_step(config, before.parameters, batch, report);
  return {
      and_sampler(compare_step(config, in_float, before, got, right), config, in_float, learner),
      and_sampler(compare_step(config, in_double, before, right, definition), config, in_double,
                  reference)};
}

}  // namespace sac::gradcheck
