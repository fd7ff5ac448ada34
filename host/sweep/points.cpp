#include "host/sweep/points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>

#include "host/base/limits.h"
#include "host/base/usage_error.h"
#include "host/files/csv.h"
#include "host/sweep/sobol.h"

namespace sac::sweep {
namespace {

constexpr int kTrials = 16;

void require_distinct(const std::vector<SweptParameter>& parameters) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto begin = parameters.begin(), here = begin + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(begin, here, [&](const auto& p) { return p.name == here->name; }) == here) {
      continue;
    }
    throw UsageError(fmt::format("--set {}: is given twice", here->name));
  }
}

std::vector<Point> random_points(const std::vector<SweptParameter>& parameters, int count,
                                 uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Point> points(count);
  for (Point& point : points) {
    for (const SweptParameter& p : parameters) {
      point.push_back(p.at(static_cast<double>(random() >> 11) * 0x1p-53));
    }
  }
  return points;
}

std::vector<Point> sobol_points(const std::vector<SweptParameter>& parameters, int count,
                                uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Point> points(count);
  for (size_t d = 0; d < parameters.size(); ++d) {
    const auto shift = static_cast<uint32_t>(random() >> 32);
    for (int i = 0; i < count; ++i) {
      points[i].push_back(parameters[d].at((sobol(i, static_cast<int>(d)) ^ shift) * 0x1p-32));
    }
  }
  return points;
}

std::vector<Point> grid_points(const std::vector<SweptParameter>& parameters) {
  std::vector<Point> points{{}};
  for (const SweptParameter& p : parameters) {
    if (p.values.empty()) {
      throw UsageError(
          fmt::format("--set {}={}:{}: a grid needs a list of values, {}=VALUE,VALUE,...", p.name,
                      p.low, p.high, p.name));
    }
    std::vector<Point> longer;
    for (const Point& point : points) {
      for (const double value : p.values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

Points points_from(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) {
    throw UsageError(fmt::format("--points {}: expected sobol, random, grid or a CSV file: {}",
                                 path, in.eof() ? "is empty" : std::strerror(errno)));
  }
  Points all;
  for (const std::string& name : files::comma_separated(line)) {
    all.parameters.push_back({.name = swept_name(name)});
  }
  require_distinct(all.parameters);
  for (int number = 2; std::getline(in, line); ++number) {
    const std::vector<std::string> cells = files::comma_separated(line);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (cells.size() != all.parameters.size()) {
      throw UsageError(fmt::format("--points {}: line {} has {} values, expected {}", path, number,
                                   cells.size(), all.parameters.size()));
    }
    Point& point = all.points.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) {
      point.push_back(parse_swept_value(all.parameters[i].name, cells[i]));
    }
  }
  if (all.points.empty()) throw UsageError(fmt::format("--points {}: has no point", path));
  return all;
}

}  // namespace

Points choose_points(const std::string& how, const std::vector<std::string>& set,
                     std::optional<int> trials, uint64_t seed) {
  const bool drawn = how == "sobol" || how == "random", grid = how == "grid";
  if (!drawn && trials) {
    throw UsageError(fmt::format("--trials {}: --points {} says how many there are", *trials, how));
  }
  if (!drawn && !grid) {
    if (!set.empty()) {
      throw UsageError(fmt::format("--set {}: --points {} has the values", set[0], how));
    }
    return points_from(how);
  }
  if (set.empty()) {
    throw UsageError(
        fmt::format("--set is required: NAME=LOW:HIGH, NAME=LOW:HIGH:log or "
                    "NAME=VALUE,VALUE,... of {}",
                    options_to_sweep()));
  }
  Points all;
  for (const std::string& text : set) all.parameters.push_back(parse_swept_parameter(text));
  require_distinct(all.parameters);
  const int count = trials.value_or(kTrials);
  all.points = grid              ? grid_points(all.parameters)
               : how == "random" ? random_points(all.parameters, count, seed)
                                 : sobol_points(all.parameters, count, seed);
  return all;
}

}  // namespace sac::sweep
