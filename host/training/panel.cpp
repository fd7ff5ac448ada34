#include "host/training/panel.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/training/panel_figures.h"
#include "host/training/readable.h"

namespace sac::training {
namespace {

using terminal::Colour;
using Lines = std::vector<std::string>;

constexpr terminal::Size kSmallest{40, 10};
constexpr int kWide = 78;     ///< columns, for curve and figures side by side
constexpr int kFigures = 36;  ///< columns of the figures there
constexpr int kMostColumns = 132;
constexpr int kMostInside = 12;  ///< lines
constexpr int kFewestOfCurve = 4;
constexpr int kFiguresAboveAll = 4;  ///< lines of figures that matter more than a curve

std::string repeated(std::string_view character, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += character;
  return text;
}

/// Before the first evaluation there is no curve, but a reason.
std::string why_no_curve(const TrainConfig& config, const RunRecord& record) {
  if (record.updates > 0) {
    return fmt::format("first evaluation after {} updates",
                       compact(static_cast<double>(config.eval_every)));
  }
  return "warming up with random actions";
}

Lines curve_lines(const TrainConfig& config, const RunRecord& record, const LearningCurve& curve,
                  int columns, int rows, const terminal::Paint& paint) {
  Lines lines = curve.lines(config.target_return, columns, rows, paint);
  if (curve.empty()) {
    const std::string why = why_no_curve(config, record);
    lines[(rows - 1) / 2] = fmt::format("{:>{}}", why, (columns + why.size()) / 2);
  }
  for (std::string& line : lines) line = terminal::fitted(line, columns);
  return lines;
}

Lines side_by_side(const Lines& left, const Lines& right, int right_columns,
                   const terminal::Paint& paint) {
  Lines lines;
  for (size_t i = 0; i < left.size(); ++i) {
    lines.push_back(left[i] + paint(Colour::frame, " │ ") +
                    terminal::fitted(i < right.size() ? right[i] : "", right_columns));
  }
  return lines;
}

/// The first figures, and a curve above them where it finds room.
Lines one_above_the_other(const TrainConfig& config, const RunRecord& record,
                          const LearningCurve& curve, int columns, int rows,
                          const terminal::Paint& paint) {
  Lines figures = panel_figures(config, record, columns, paint);
  const int all = static_cast<int>(figures.size());
  const int shown = rows < kFiguresAboveAll + kFewestOfCurve ? rows : rows / 2;
  figures.resize(std::min(shown, all));
  Lines lines;
  if (const int left = rows - shown; left >= kFewestOfCurve) {
    lines = curve_lines(config, record, curve, columns, left, paint);
  }
  for (const std::string& figure : figures) lines.push_back(terminal::fitted(figure, columns));
  return lines;
}

std::string heading(const TrainConfig& config, const RunRecord& record) {
  const LearnerConfig& c = config.learner;
  return fmt::format(
      " {} · {} · {} ", environment_info(c.environment).id,
      c.agents == 1 ? fmt::format("seed {}", c.seed) : fmt::format("{} agents", c.agents),
      duration(record.wall_seconds));
}

Lines framed(const Lines& inside, const std::string& title, int columns,
             const terminal::Paint& paint) {
  const std::string shown = terminal::width(title) <= columns ? title : "";
  Lines lines{paint(Colour::frame, "╭─") + shown +
              paint(Colour::frame, repeated("─", columns + 1 - terminal::width(shown)) + "╮")};
  for (const std::string& line : inside) {
    lines.push_back(paint(Colour::frame, "│ ") + line + paint(Colour::frame, " │"));
  }
  lines.push_back(paint(Colour::frame, "╰" + repeated("─", columns + 2) + "╯"));
  return lines;
}

}  // namespace

Lines panel(const TrainConfig& config, const RunRecord& record, const LearningCurve& curve,
            terminal::Size size, const terminal::Paint& paint) {
  if (size.columns < kSmallest.columns || size.rows < kSmallest.rows) return {};
  // The terminal's last column stays free, lest it wrap; of its rows half are for what went before.
  const int columns = std::min(size.columns - 1, kMostColumns) - 4;
  const int rows = std::min(size.rows / 2 - 2, kMostInside);
  Lines inside;
  if (size.columns >= kWide && rows >= kFewestOfCurve) {
    const int left = columns - kFigures - 3;
    inside = side_by_side(curve_lines(config, record, curve, left, rows, paint),
                          panel_figures(config, record, kFigures, paint), kFigures, paint);
  } else {
    inside = one_above_the_other(config, record, curve, columns, rows, paint);
  }
  return framed(inside, heading(config, record), columns, paint);
}

}  // namespace sac::training
