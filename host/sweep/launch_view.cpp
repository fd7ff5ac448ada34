#include "host/sweep/launch_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <utility>

#include "host/terminal/text.h"
#include "host/training/readable.h"

namespace sac::sweep {
namespace {

using training::AgentRecord;
using training::ProgressMode;

std::string line_of(const std::string& title, const training::RunRecord& record) {
  int learning = 0, solved = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (size_t p = 0; p < record.agents.size(); ++p) {
    const AgentRecord& agent = record.agents[p];
    learning += record.learns(p) ? 1 : 0;
    solved += agent.solved() ? 1 : 0;
    if (agent.best.episodes > 0) best = std::max(best, agent.best.mean);
  }
  std::string line = fmt::format("{} | {} | {} agents learn, {} solved", title,
                                 training::duration(record.wall_seconds), learning, solved);
  if (std::isfinite(best)) line += fmt::format(", best return {:.1f}", best);
  return line + fmt::format(" | {} updates, {}/s",
                            training::compact(static_cast<double>(record.updates)),
                            training::compact(record.updates_per_second()));
}

}  // namespace

LaunchView::LaunchView(std::string title, const training::Output& output)
    : title_(std::move(title)), output_(output) {}

LaunchView::~LaunchView() {
  if (output_.mode == ProgressMode::live) output_.stream << "\r\033[K" << std::flush;
}

void LaunchView::warn(const std::string& line) {
  std::cerr << "sac_cuda: " << line << std::endl;
}

void LaunchView::tick(const training::RunRecord& record) {
  constexpr std::chrono::milliseconds kInPlace{200}, kLines{10'000};
  const auto now = Clock::now();
  const bool live = output_.mode == ProgressMode::live;
  if (output_.mode == ProgressMode::quiet || now - shown_ < (live ? kInPlace : kLines)) return;
  shown_ = now;
  std::string line = line_of(title_, record);
  if (live) {
    line.resize(std::min(line.size(), static_cast<size_t>(terminal::size().columns - 1)));
    output_.stream << '\r' << line << "\033[K" << std::flush;
  } else {
    output_.stream << line << std::endl;
  }
}

}  // namespace sac::sweep
