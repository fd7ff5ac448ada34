#include "host/training/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string_view>

namespace sac::training {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLongestSilence{10};

// Three digits: 950, 12.3k, 4.56M, ...
std::string compact(double x) {
  const char* unit = "";
  for (const char* next : {"k", "M", "G"}) {
    if (x < 1000) break;
    x /= 1000;
    unit = next;
  }
  const int decimals = *unit == '\0' || x >= 100 ? 0 : (x >= 10 ? 1 : 2);
  return fmt::format("{:.{}f}{}", x, decimals, unit);
}

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(seconds);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

size_t terminal_columns() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

ProgressMode progress_mode(bool quiet) {
  if (quiet) return ProgressMode::quiet;
  const char* terminal = std::getenv("TERM");
  const bool movable = terminal != nullptr && std::string_view(terminal) != "dumb";
  return movable && isatty(STDOUT_FILENO) ? ProgressMode::live : ProgressMode::lines;
}

std::optional<double> seconds_left(const TrainConfig& config, const RunRecord& record) {
  double left = std::numeric_limits<double>::infinity();
  const auto count = [&](const std::optional<int64_t>& limit, int64_t done) {
    if (limit && done > 0) {
      const double pace = record.wall_seconds / static_cast<double>(done);
      left = std::min(left, pace * static_cast<double>(*limit - done));
    }
  };
  count(config.steps, record.env_steps);
  count(config.updates, record.updates);  // the preset's limit is no prediction
  if (config.time_limit) left = std::min(left, *config.time_limit - record.wall_seconds);
  if (left == std::numeric_limits<double>::infinity()) return std::nullopt;
  return std::max(left, 0.0);
}

std::string progress_line(const TrainConfig& config, const RunRecord& record) {
  std::string line = duration(record.wall_seconds);
  if (const auto left = seconds_left(config, record)) {
    line += fmt::format(", ETA {}", duration(*left));
  }
  if (record.returns.episodes > 0) {
    line += fmt::format(" | return {:.1f} +- {:.1f}", record.returns.mean, record.returns.std);
  }
  if (record.agents.size() > 1) {
    line +=
        fmt::format(", {} of {} solved", std::ranges::count_if(record.agents, &AgentRecord::solved),
                    record.agents.size());
  }
  line += fmt::format(
      " | {} steps, {}/s | {} updates, {}/s", compact(static_cast<double>(record.env_steps)),
      compact(record.env_steps_per_second()), compact(static_cast<double>(record.updates)),
      compact(record.updates_per_second()));
  return line;
}

ProgressDisplay::ProgressDisplay(const TrainConfig& config, ProgressMode mode, std::ostream& out)
    : config_(config), mode_(mode), out_(out) {}

void ProgressDisplay::note(const std::string& line) {
  if (mode_ == ProgressMode::quiet) return;
  close_line();
  out_ << line << '\n' << std::flush;
}

void ProgressDisplay::warn(const std::string& line) {
  close_line();
  std::cerr << "sac_cuda: " << line << std::endl;
  std::cerr.clear();  // a line that could not be printed is no reason to keep the next one back
}

void ProgressDisplay::close_line() {
  if (line_open_) out_ << "\r\033[K" << std::flush;
  line_open_ = false;
}

void ProgressDisplay::tick(const RunRecord& record) {
  const auto silence = Clock::now() - drawn_;
  if (mode_ == ProgressMode::live ? silence >= kRedraw : silence >= kLongestSilence) draw(record);
}

void ProgressDisplay::evaluated(const RunRecord& record) {
  drawn_ = Clock::now();
  note(progress_line(config_, record));
}

void ProgressDisplay::draw(const RunRecord& record) {
  drawn_ = Clock::now();
  std::string line = progress_line(config_, record);
  if (mode_ != ProgressMode::live) return note(line);
  if (line.size() >= terminal_columns()) line.resize(terminal_columns() - 1);
  out_ << '\r' << line << "\033[K" << std::flush;
  line_open_ = true;
}

}  // namespace sac::training
