#include "bench/gpu/checks.h"

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "host/cuda/blas.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/smooth_batch.h"
#include "host/gradcheck/step_check.h"

namespace sac::bench {
namespace {

/// What all variants of one precision and width are compared with.
struct CheckedStep {
  LearnerConfig config;
  AgentState before;
  Batch batch;
  gradcheck::Definition expected;
};

/// Two tiles of rows and a half, two actions.
CheckedStep checked_step(const MakeLearner& make, int hidden, const Variant& variant) {
  LearnerConfig c = gradcheck::check_config(
      {.obs = 5, .act = 2, .hidden = hidden, .algorithm = variant.algorithm}, 40, 0);
  const AgentState fresh = make(c)->state(0);
  c.precision = variant.precision;
  const AgentState before = gradcheck::check_start(c, fresh);
  const Batch batch = gradcheck::smooth_batch(c, before.parameters);
  return {c, before, batch, gradcheck::define_step(c, before.parameters, batch, [](double) {})};
}

constexpr int widest(bool tiny) {
  return tiny ? 32 : 256;
}

constexpr int kCycles = 175;  ///< of one update each: two of the learner's graphs, and a few more

/// Trains, so many cycles at once: one is launched as it is, many are replayed graphs.
AgentState trained(const MakeLearner& make, const LearnerConfig& config, int at_once) {
  const std::unique_ptr<Learner> learner = make(config);
  learner->warm_up(2);
  for (int i = 0; i < kCycles; i += at_once) learner->train(at_once);
  return learner->state(0);
}

/// How many parameters differ between two runs by graph replay and one by direct launches.
gradcheck::Deviation different_bits(const MakeLearner& make, const Variant& variant, bool tiny) {
  const LearnerConfig c =
      tiny ? bench_config(variant, 0, 32, 16, 16, 1) : bench_config(variant, 0, 256, 256, 256, 1);
  const std::vector<double> first = trained(make, c, kCycles).parameters;
  double different = 0;
  for (const int at_once : {kCycles, 1}) {
    const std::vector<double> again = trained(make, c, at_once).parameters;
    for (size_t i = 0; i < first.size(); ++i) different += again[i] != first[i] ? 1 : 0;
  }
  return {different, 0};
}

std::string scientific(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1e", x);
  return text;
}

/// `required`: whether the checks as a whole fail with this one.
void add_row(Checks& checks, const std::string& what, const Variant& variant,
             const std::string& against, const gradcheck::Deviation& d, bool required) {
  const bool passed = d.error <= d.allowance;
  checks.passed &= passed || !required;
  Cell used;
  if (d.allowance > 0) used = d.share();
  checks.table.rows.push_back({what, text(variant), against, scientific(d.error),
                               scientific(d.allowance), used,
                               passed     ? "passed"
                               : required ? "FAILED"
                                          : "differs"});
}

/// A row for each source that the step was compared with: the quantity that uses most of its
/// allowance.
void add_step_rows(Checks& checks, const std::vector<gradcheck::Check>& compared,
                   const Variant& variant, int hidden) {
  std::vector<gradcheck::Check> worst;
  for (const gradcheck::Check& c : compared) {
    if (worst.empty() || worst.back().against != c.against) {
      worst.push_back(c);
    } else if (c.worst.share() > worst.back().worst.share()) {
      worst.back() = c;
    }
  }
  for (const gradcheck::Check& c : worst) {
    add_row(checks, c.quantity + ", hidden " + std::to_string(hidden), variant, c.against, c.worst,
            true);
  }
}

/// Adds a variant's rows; where cuBLAS fails, one that says so, and nothing has failed.
template <class Add>
void add_or_say(Checks& checks, const std::string& what, const Variant& variant, const Add& add) {
  try {
    add();
  } catch (const cuda::BlasError& error) {
    std::vector<Cell> row = {what, text(variant)};
    row.resize(checks.table.columns.size());
    row.back() = std::string("not checked: ") + error.what();
    checks.table.rows.push_back(std::move(row));
  }
}

}  // namespace

void check_steps(const MakeLearner& make, Variants variants, bool tiny, Checks& checks) {
  for (const int hidden :
       tiny ? std::vector<int>{widest(tiny)} : std::vector<int>{64, 128, widest(tiny)}) {
    std::map<Precision, CheckedStep> steps;
    for (const Variant& variant : variants) {
      if (!fits(variant, hidden)) continue;
      if (!steps.contains(variant.precision)) {
        steps.emplace(variant.precision, checked_step(make, hidden, variant));
      }
      const CheckedStep& step = steps.at(variant.precision);
      LearnerConfig c = step.config;
      c.mlp = variant.mlp;
      add_or_say(checks, "hidden " + std::to_string(hidden), variant, [&] {
        const std::unique_ptr<Learner> learner = make(c);
        learner->load(0, step.before);
        add_step_rows(checks,
                      gradcheck::compare_step(c, gradcheck::float_model(c), step.before,
                                              learner->gradient_step(step.batch), step.expected),
                      variant, hidden);
      });
    }
  }
}

void check_repeats(const MakeLearner& make, Variants variants, bool tiny, Checks& checks) {
  for (const Variant& variant : variants) {
    if (!fits(variant, widest(tiny))) continue;
    const std::string what = "parameters after " + std::to_string(kCycles) + " updates";
    add_or_say(checks, what, variant, [&] {
      add_row(checks, what, variant, "graph replayed, launched one by one",
              different_bits(make, variant, tiny), variant.mlp == Mlp::fused);
    });
  }
}

}  // namespace sac::bench
