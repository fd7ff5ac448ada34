#include "host/training/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "host/training/panel.h"
#include "host/training/readable.h"
#include "host/training/time_left.h"

namespace sac::training {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLongestSilence{10};

// Terminals that know how show all that comes between the two at once.
constexpr std::string_view kBeginFrame = "\033[?2026h\r", kEndFrame = "\033[?2026l";

/// The virtual console of Linux has no braille.
bool has_braille() {
  const char* terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) != "linux";
}

/// Does the terminal belong to somebody else, such as a shell that has sent us to the background?
bool in_background() {
  const pid_t owner = tcgetpgrp(STDOUT_FILENO);
  return owner >= 0 && owner != getpgrp();
}

std::string returns_part(const RunRecord& record) {
  std::string part;
  if (record.returns.episodes > 0) {
    part = fmt::format(" | return {:.1f} +- {:.1f}", record.returns.mean, record.returns.std);
  }
  if (record.agents.size() > 1) {
    part +=
        fmt::format(", {} of {} solved", std::ranges::count_if(record.agents, &AgentRecord::solved),
                    record.agents.size());
  }
  return part;
}

}  // namespace

ProgressMode progress_mode(bool quiet) {
  if (quiet) return ProgressMode::quiet;
  const char* terminal = std::getenv("TERM");
  const bool movable = terminal != nullptr && std::string_view(terminal) != "dumb";
  return movable && isatty(STDOUT_FILENO) ? ProgressMode::live : ProgressMode::lines;
}

std::string progress_line(const TrainConfig& config, const RunRecord& record) {
  std::string line = duration(record.wall_seconds);
  if (const auto left = seconds_left(config, record)) {
    line += fmt::format(", ETA {}", duration(*left));
  }
  return line + returns_part(record) +
         fmt::format(
             " | {} steps, {}/s | {} updates, {}/s", compact(static_cast<double>(record.env_steps)),
             compact(record.env_steps_per_second()), compact(static_cast<double>(record.updates)),
             compact(record.updates_per_second()));
}

std::string evaluation_line(const RunRecord& record, int columns) {
  std::string line = duration(record.wall_seconds) + returns_part(record);
  for (const auto& [count, name] :
       {std::pair{record.env_steps, "steps"}, {record.updates, "updates"}}) {
    const std::string part = fmt::format(" | {} {}", compact(static_cast<double>(count)), name);
    if (std::ssize(line) + std::ssize(part) > columns) break;
    line += part;
  }
  return line;
}

ProgressDisplay::ProgressDisplay(const TrainConfig& config, ProgressMode mode, std::ostream& out)
    : config_(config), mode_(mode), out_(out) {}

ProgressDisplay::~ProgressDisplay() {
  take_away();
}

void ProgressDisplay::note(const std::string& line) {
  if (mode_ == ProgressMode::quiet) return;
  if (open_) {
    waiting_ += line + '\n';
  } else {
    out_ << line << '\n' << std::flush;
  }
}

void ProgressDisplay::warn(const std::string& line) {
  take_away();
  std::cerr << "sac_cuda: " << line << std::endl;
  std::cerr.clear();  // a line that could not be printed is no reason to keep the next one back
}

void ProgressDisplay::failed(size_t agent, const std::string& why) {
  warn(fmt::format("agent {} is out of the run: {}", agent, why));
}

void ProgressDisplay::take_away() {
  if (open_) out_ << terminal::kClearBelow << std::exchange(waiting_, "") << std::flush;
  open_ = false;
}

void ProgressDisplay::tick(const RunRecord& record) {
  const auto silence = Clock::now() - drawn_;
  if (mode_ == ProgressMode::live ? silence >= kRedraw : silence >= kLongestSilence) draw(record);
}

void ProgressDisplay::evaluated(const RunRecord& record) {
  curve_.add(record);
  if (mode_ == ProgressMode::live) return note(evaluation_line(record, terminal::size().columns));
  drawn_ = Clock::now();
  note(progress_line(config_, record));
}

void ProgressDisplay::draw(const RunRecord& record) {
  drawn_ = Clock::now();
  if (mode_ != ProgressMode::live) return note(progress_line(config_, record));
  if (in_background()) {  // what stopped us has taken the panel away
    open_ = false;
    out_ << std::exchange(waiting_, "") << std::flush;
    return;
  }
  std::string frame(kBeginFrame);
  if (!waiting_.empty()) frame += "\033[J" + std::exchange(waiting_, "");
  frame += live_part(record, /*stays=*/false);
  out_ << frame << kEndFrame << std::flush;
  open_ = true;
}

void ProgressDisplay::ended(const RunRecord& record) {
  take_away();
  if (mode_ != ProgressMode::live || in_background()) return;
  out_ << live_part(record, /*stays=*/true) << std::flush;
}

// Each line clears what was there before, and the last one all that is below.
std::string ProgressDisplay::live_part(const RunRecord& record, bool stays) const {
  const terminal::Size size = terminal::size();
  std::vector<std::string> lines;
  if (has_braille()) lines = panel(config_, record, curve_, size, paint_);
  if (lines.empty()) {
    if (stays) return "";
    std::string line = progress_line(config_, record);
    line.resize(std::min(line.size(), static_cast<size_t>(size.columns - 1)));
    return line + "\033[J\r";
  }
  std::string text = "\033[K";
  for (const std::string& line : lines) text += '\n' + line + "\033[K";
  text += "\033[J";
  return text + (stays ? "\n" : fmt::format("\r\033[{}A", lines.size()));
}

}  // namespace sac::training
