#include "host/play/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "host/base/usage_error.h"
#include "host/files/csv.h"

namespace sac::play {
namespace {

/// Where the state has the scalar of this name.
std::optional<size_t> place(const env::EnvironmentInfo& task, const std::string& name) {
  const std::vector<std::string> names = files::comma_separated(task.state_names);
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return found - names.begin();
}

/// A bar below the picture's middle, to the side to which the action pushes.
Stroke action_bar(const Scene& scene, double action) {
  const double y = -0.44 * scene.height, longest = 0.3 * scene.width;
  return {{0, y}, {longest * action, y}, 0.015 * scene.width, Ink::action};
}

void add_pole(Scene& scene, Point hinge, double theta, double length, double radius) {
  const Point tip{hinge.x + length * std::sin(theta), hinge.y + length * std::cos(theta)};
  scene.strokes.push_back({hinge, tip, radius, Ink::pole});
  scene.strokes.push_back({hinge, hinge, 0.6 * radius, Ink::joint});
}

}  // namespace

double distance(const Stroke& s, Point p) {
  const double dx = s.to.x - s.from.x, dy = s.to.y - s.from.y;
  const double length = dx * dx + dy * dy;
  const double along = length == 0 ? 0 : ((p.x - s.from.x) * dx + (p.y - s.from.y) * dy) / length;
  const double t = std::clamp(along, 0.0, 1.0);
  const double x = p.x - s.from.x - t * dx, y = p.y - s.from.y - t * dy;
  return std::sqrt(x * x + y * y);
}

double rightwards(const env::EnvironmentInfo& task) {
  return place(task, "x") ? 1 : -1;
}

Scene empty_scene(const env::EnvironmentInfo& task) {
  // The rail ends at 1; the cart pushes beyond it a little.
  return place(task, "x") ? Scene{2.8, 1.7, {}} : Scene{2.6, 2.6, {}};
}

Scene pendulum_scene(const env::EnvironmentInfo& task, std::span<const float> state,
                     double action) {
  const std::optional<size_t> theta = place(task, "theta"), x = place(task, "x");
  if (!theta) throw UsageError(fmt::format("{}: no picture of a task without theta", task.id));
  Scene scene = empty_scene(task);
  const double side = rightwards(task), angle = side * state[*theta];
  if (x) {
    const double at = state[*x];
    scene.strokes.push_back({{-1.1, 0}, {1.1, 0}, 0.012, Ink::ground});
    scene.strokes.push_back({{at - 0.1, 0}, {at + 0.1, 0}, 0.07, Ink::cart});
    add_pole(scene, {at, 0}, angle, 0.6, 0.035);
  } else {
    add_pole(scene, {0, 0}, angle, 1, 0.08);
  }
  if (action != 0) scene.strokes.push_back(action_bar(scene, side * action));
  return scene;
}

}  // namespace sac::play
