#include "host/sweep/sweep.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <vector>

#include "host/base/usage_error.h"
#include "host/devices/devices.h"
#include "host/devices/processors.h"
#include "host/files/atomic_file.h"
#include "host/ranks/ranks.h"
#include "host/sweep/halving.h"
#include "host/sweep/launch.h"
#include "host/sweep/launch_view.h"
#include "host/sweep/ranking.h"
#include "host/training/run_directory.h"

namespace sac::sweep {
namespace {

using json = nlohmann::ordered_json;
using training::ProgressMode;

constexpr double kMostMemory = 0.9;  // of what there is: others want some too
constexpr size_t kShownTrials = 10;

// Throws unless the directory holds this plan's sweep; false if it holds none.
bool holds_this_sweep(const Plan& plan) {
  std::ifstream in(plan.directory / kSweepFile);
  if (!in) return false;
  const json there = json::parse(in, nullptr, /*allow_exceptions=*/false);
  const json own = to_json(plan);
  if (there == own) return true;
  std::string differs;
  for (const auto& [key, value] : own.items()) {
    if (there.is_object() && there.contains(key) && there[key] == value) continue;
    differs = key;
    break;
  }
  throw UsageError(
      fmt::format("--out {}: holds another sweep ({} differs); choose another directory",
                  plan.directory.string(), differs.empty() ? kSweepFile : differs));
}

/// A GPU for every rank of a machine, and an even share of its processors where the launcher has
/// not bound the ranks to theirs.
SweepOptions for_rank(SweepOptions options, const ranks::Ranks& ranks) {
  if (ranks.local_size == 1) return options;
  devices::use_gpu(ranks.local_rank);
  if (!options.train.threads) {
    options.train.threads = devices::processors_of_one_in(ranks.local_size);
  }
  return options;
}

class Sweep {
 public:
  Sweep(const SweepOptions& options, const training::Output& output,
        const std::function<bool()>& interrupted)
      : plan_(make_plan(for_rank(options, ranks_))),
        output_{ranks_.rank == 0 ? output.mode : ProgressMode::quiet, output.stream},
        callbacks_{.interrupted = interrupted, .evaluated = {}},
        span_(most_trials(plan_, kMostMemory / ranks_.local_size)) {}

  bool run() {
    prepare();
    std::vector<int> trials(plan_.trials());
    std::iota(trials.begin(), trials.end(), 0);
    const size_t rungs = std::max<size_t>(1, plan_.rungs.size());
    for (size_t rung = 0; rung < rungs; ++rung) {
      if (!train(pending(trials, rung), rung)) return false;
      ranks_.wait_for_all();
      if (rung + 1 < rungs) trials = survivors(trials, rung);
    }
    if (ranks_.rank == 0) conclude();
    ranks_.finish();
    return true;
  }

 private:
  // Everything that can be wrong is found before the first file is written.
  void prepare() {
    if (ranks_.rank == 0) {
      const bool goes_on = holds_this_sweep(plan_);
      if (!goes_on) {
        training::require_usable_run_directory(plan_.directory);
        std::filesystem::create_directories(plan_.directory);
        files::write_file_atomically(plan_.directory / kSweepFile, to_json(plan_).dump(2) + '\n');
      }
      say(fmt::format("{} trials of {} agents{}; {}: {}", plan_.trials(), plan_.seeds,
                      ranks_.size > 1 ? fmt::format(", on {} ranks", ranks_.size) : "",
                      goes_on ? "going on in" : "sweep directory", plan_.directory.string()));
    }
    ranks_.wait_for_all();
  }

  void say(const std::string& line) const {
    if (output_.mode != ProgressMode::quiet) output_.stream << line << std::endl;
  }

  /// This rank's share of what is still to be trained up to a rung. Rank 0 looks, so that all ranks
  /// have the same in mind.
  std::vector<int> pending(const std::vector<int>& trials, size_t rung) const {
    std::vector<int> all;
    if (ranks_.rank == 0) {
      std::ranges::copy_if(trials, std::back_inserter(all),
                           [&](int trial) { return !trained(plan_, trial, rung); });
    }
    all = ranks_.from_first(std::move(all));
    const auto place = [&](int rank) {
      return all.begin() + static_cast<std::ptrdiff_t>(all.size()) * rank / ranks_.size;
    };
    return {place(ranks_.rank), place(ranks_.rank + 1)};
  }

  /// False if it was interrupted.
  bool train(std::vector<int> trials, size_t rung) const {
    while (!trials.empty()) {
      const std::vector<int> next = next_launch(trials);
      std::string title = fmt::format("trials {} to {}", next.front(), next.back());
      if (!plan_.rungs.empty()) {
        title += fmt::format(", rung {} of {}", rung + 1, plan_.rungs.size());
      }
      LaunchView view(title, output_);
      launch(plan_, next, rung, view, callbacks_);
      if (callbacks_.interrupted()) return false;
      std::erase_if(trials, [&](int trial) { return std::ranges::binary_search(next, trial); });
    }
    return true;
  }

  /// The first of the trials, and all that can be trained with it.
  std::vector<int> next_launch(const std::vector<int>& trials) const {
    const Moment moment = moment_of(plan_, trials.front());
    std::vector<int> next;
    for (const int trial : trials) {
      if (trial < trials.front() + span_ && moment_of(plan_, trial) == moment)
        next.push_back(trial);
    }
    return next;
  }

  std::vector<int> survivors(const std::vector<int>& trials, size_t rung) const {
    std::vector<int> better;
    if (ranks_.rank == 0) {
      Decisions decisions = read_decisions(plan_);
      if (decisions.size() <= rung) {
        decisions.push_back(better_half(plan_, trials));
        write_decisions(plan_, decisions);
      }
      better = decisions[rung];
      say(fmt::format("after {} updates {} of {} trials go on", plan_.rungs[rung], better.size(),
                      trials.size()));
    }
    return ranks_.from_first(std::move(better));
  }

  void conclude() const {
    std::vector<int> trials(plan_.trials());
    std::iota(trials.begin(), trials.end(), 0);
    const std::vector<Ranked> best = ranking(plan_, trials);
    write_ranking(plan_, best);
    if (output_.mode == ProgressMode::quiet) return;
    output_.stream << ranking_table(plan_, best, kShownTrials);
    if (best.size() > kShownTrials) {
      fmt::print(output_.stream, "... {} in all\n", best.size());
    }
    fmt::print(output_.stream, "ranking: {}, {}\n", (plan_.directory / kRankingCsv).string(),
               kRankingJson);
  }

  const ranks::Ranks ranks_;
  const Plan plan_;
  const training::Output output_;
  const training::Callbacks callbacks_;
  const int span_;  ///< trials that a launch may reach over
};

}  // namespace

bool run(const SweepOptions& options, const training::Output& output,
         const std::function<bool()>& interrupted) {
  return Sweep(options, output, interrupted).run();
}

}  // namespace sac::sweep
