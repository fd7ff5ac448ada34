#include "host/training/panel_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "host/statistics/statistics.h"
#include "host/training/readable.h"
#include "host/training/time_left.h"

namespace sac::training {
namespace {

using terminal::Colour;

constexpr int kNameColumns = 9;  ///< columns of a figure's name
constexpr int kBarColumns = 12;

class Figures {
 public:
  Figures(const TrainConfig& config, const RunRecord& record, int columns,
          const terminal::Paint& paint)
      : config_(config), record_(record), columns_(columns), paint_(paint) {}

  std::vector<std::string> lines() {
    diverged();
    returns();
    agents();
    to_go();
    rates();
    replay();
    losses();
    policy();
    critics();
    time();
    return std::move(lines_);
  }

 private:
  void add(std::string_view name, const std::string& value) {
    const std::string line = paint_(Colour::faint, terminal::fitted(name, kNameColumns)) + value;
    lines_.push_back(terminal::width(line) <= columns_ ? line : terminal::fitted(line, columns_));
  }

  std::string bar(double share, Colour colour) const {
    const int full = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kBarColumns));
    std::string done, rest;
    for (int i = 0; i < kBarColumns; ++i) (i < full ? done : rest) += i < full ? "━" : "╌";
    return paint_(colour, done) + paint_(Colour::frame, rest);
  }

  void diverged() {
    size_t count = 0;
    for (size_t p = 0; p < record_.agents.size(); ++p) count += record_.failed(p) ? 1 : 0;
    if (count == 0) return;
    add("diverged",
        paint_(Colour::red, fmt::format("{} of {} agent{}", count, record_.agents.size(),
                                        record_.agents.size() == 1 ? "" : "s")));
  }

  void returns() {
    const Returns& r = record_.returns;
    if (r.episodes == 0) return add("return", "not evaluated yet");
    std::string value = fmt::format("{:.1f} ± {:.1f}", r.mean, r.std);
    if (record_.at_threshold) value = paint_(Colour::green, value);
    add("return", value + paint_(Colour::faint, fmt::format("  of {:g}", config_.target_return)));
  }

  void agents() {
    const std::vector<AgentRecord>& agents = record_.agents;
    if (agents.size() == 1) {
      const AgentRecord& agent = agents[0];
      if (!agent.solved()) return;
      return add("solved", paint_(Colour::green, "after " + duration(*agent.seconds_to_solve)) +
                               fmt::format(", best {:.1f}", agent.best.mean));
    }
    const auto solved = std::ranges::count_if(agents, &AgentRecord::solved);
    add("solved",
        bar(static_cast<double>(solved) / static_cast<double>(agents.size()), Colour::green) +
            fmt::format(" {} of {}", solved, agents.size()));
    median_to_solve();
    if (agents.size() + kNameColumns <= static_cast<size_t>(columns_))
      add("agents", agent_by_agent());
  }

  void median_to_solve() {
    std::vector<double> seconds;
    for (const AgentRecord& agent : record_.agents) {
      seconds.push_back(agent.seconds_to_solve.value_or(std::numeric_limits<double>::infinity()));
    }
    const double median = statistics::median(seconds);
    if (std::isfinite(median)) add("median", duration(median) + " to solve");
  }

  /// A bar for each agent's return, between the worst of them and the threshold.
  std::string agent_by_agent() const {
    static constexpr const char* kHeights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = config_.target_return;
    for (const AgentRecord& agent : record_.agents) {
      if (std::isfinite(agent.returns.mean)) low = std::min(low, agent.returns.mean);
    }
    std::string text;
    for (size_t p = 0; p < record_.agents.size(); ++p) {
      const AgentRecord& agent = record_.agents[p];
      const double mean = agent.returns.mean;
      if (record_.failed(p) || !std::isfinite(mean)) {
        text += paint_(Colour::red, "×");
        continue;
      }
      const double share =
          low < config_.target_return ? (mean - low) / (config_.target_return - low) : 1;
      const char* height = agent.returns.episodes == 0
                               ? "·"
                               : kHeights[static_cast<int>(7 * std::clamp(share, 0.0, 1.0))];
      text += paint_(agent.solved() ? Colour::green : Colour::blue, height);
    }
    return text;
  }

  void to_go() {
    if (record_.stop != StopReason::none) {
      return add("ended", duration(record_.wall_seconds) + ", " + stop_reason_name(record_.stop));
    }
    std::optional<double> left = seconds_left(config_, record_);
    const char* what = left ? "to go" : "at most";
    if (!left) left = seconds_left_at_most(config_, record_);
    if (!left) return;
    const double share = record_.wall_seconds / std::max(record_.wall_seconds + *left, 1e-9);
    add(what, bar(share, Colour::blue) + ' ' + duration(*left));
  }

  void rate(const char* name, double count, double per_second) {
    add(name,
        fmt::format("{:<8}{}", compact(count), paint_(Colour::blue, compact(per_second) + "/s")));
  }

  void rates() {
    rate("steps", static_cast<double>(record_.env_steps), record_.env_steps_per_second());
    rate("updates", static_cast<double>(record_.updates), record_.updates_per_second());
  }

  void replay() {
    const double fill = record_.replay_fill(config_.learner);
    add("replay", bar(fill, Colour::blue) +
                      fmt::format(" {:.0f} % of {}", 100 * fill,
                                  compact(static_cast<double>(config_.learner.replay_capacity))));
  }

  /// The mean over the sound agents that were evaluated last; NaN if there is none.
  template <class Value>
  double mean(const Value& value) const {
    double sum = 0;
    int count = 0;
    for (size_t p = 0; p < record_.agents.size(); ++p) {
      if (record_.failed(p) || record_.agents[p].evaluated_updates < 0 || !record_.evaluated(p)) {
        continue;
      }
      sum += value(record_.agents[p]);
      ++count;
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / count;
  }

  void losses() {
    const double q = mean([](const AgentRecord& a) { return a.losses.q1 + a.losses.q2; }) / 2;
    if (std::isnan(q)) return;
    const double pi = mean([](const AgentRecord& a) { return a.losses.pi; });
    if (config_.learner.shape.algorithm == Algorithm::sac_v1) {
      const double v = mean([](const AgentRecord& a) { return a.losses.v; });
      add("loss", fmt::format("V {:.3g}  Q {:.3g}  π {:.3g}", v, q, pi));
    } else {
      const double alpha = mean([](const AgentRecord& a) { return a.diagnostics.alpha; });
      add("loss", fmt::format("Q {:.3g}  π {:.3g}  α {:.3g}", q, pi, alpha));
    }
  }

  void policy() {
    const double entropy = mean([](const AgentRecord& a) { return a.diagnostics.entropy; });
    if (std::isnan(entropy)) return;
    const double saturated =
        mean([](const AgentRecord& a) { return a.diagnostics.saturated_actions; });
    add("entropy", fmt::format("{:<8.2f}{:.0f} % saturated", entropy, 100 * saturated));
  }

  void critics() {
    const double q = mean([](const AgentRecord& a) { return a.diagnostics.q; });
    if (std::isnan(q)) return;
    add("Q", fmt::format("{:<8.3g}|Q1 - Q2| {:.2g}", q,
                         mean([](const AgentRecord& a) { return a.diagnostics.q_gap; })));
  }

  void time() {
    if (record_.wall_seconds <= 0 || record_.evaluations == 0) return;
    const double share = std::min(record_.train_seconds / record_.wall_seconds, 1.0);
    add("time", fmt::format("{:.0f} % in the training loop", 100 * share));
  }

  const TrainConfig& config_;
  const RunRecord& record_;
  const int columns_;
  const terminal::Paint& paint_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> panel_figures(const TrainConfig& config, const RunRecord& record,
                                       int columns, const terminal::Paint& paint) {
  return Figures(config, record, columns, paint).lines();
}

}  // namespace sac::training
