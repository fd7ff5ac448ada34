#include "host/play/scene.h"

#include <algorithm>
#include <cmath>

#include "host/play/poles.h"

namespace sac::play {
namespace {

/// A bar below the picture's middle, to the side to which the action pushes.
Stroke action_bar(const Scene& scene, double action) {
  const double y = -0.44 * scene.height, longest = 0.3 * scene.width;
  return {{0, y}, {longest * action, y}, 0.015 * scene.width, Ink::action};
}

/// Returns where it ends.
Point add_pole(Scene& scene, Point hinge, double theta, double length, double radius) {
  const Point tip{hinge.x + length * std::sin(theta), hinge.y + length * std::cos(theta)};
  scene.strokes.push_back({hinge, tip, radius, Ink::pole});
  scene.strokes.push_back({hinge, hinge, 0.6 * radius, Ink::joint});
  return tip;
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
  return pole_places(task).x ? 1 : -1;
}

Scene empty_scene(const env::EnvironmentInfo& task) {
  const PolePlaces at = pole_places(task);
  if (!at.x) return {2.6, 2.6, {}};
  // The rail ends at 1; the cart pushes beyond it a little. A second pole stands on the first.
  return {2.8, at.theta2 ? 2.8 : 1.7, {}};
}

Scene pendulum_scene(const env::EnvironmentInfo& task, std::span<const float> state,
                     double action) {
  const PolePlaces at = pole_places(task);
  Scene scene = empty_scene(task);
  const double side = rightwards(task), angle = side * state[at.theta];
  if (at.x) {
    const double x = state[*at.x];
    scene.strokes.push_back({{-1.1, 0}, {1.1, 0}, 0.012, Ink::ground});
    scene.strokes.push_back({{x - 0.1, 0}, {x + 0.1, 0}, 0.07, Ink::cart});
    const Point tip = add_pole(scene, {x, 0}, angle, 0.6, 0.035);
    if (at.theta2) add_pole(scene, tip, angle + side * state[*at.theta2], 0.6, 0.035);
  } else {
    add_pole(scene, {0, 0}, angle, 1, 0.08);
  }
  if (action != 0) scene.strokes.push_back(action_bar(scene, side * action));
  return scene;
}

}  // namespace sac::play
