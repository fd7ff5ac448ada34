// A picture of a pendulum, before anything is known of dots or pixels.
#pragma once

#include <span>
#include <vector>

#include "kernels/env/environment.h"

namespace sac::play {

struct Point {
  double x, y;  ///< metres, y upwards
};

/// What a stroke stands for; its colour follows.
enum class Ink { paper, ground, cart, pole, joint, action };
inline constexpr int kInks = 6;

/// A line with round ends, thick or thin: all that pictures are made of. A disc is one of no
/// length.
struct Stroke {
  Point from, to;
  double radius;  ///< half the thickness, metres
  Ink ink;
};

/// How far p is from the stroke's middle line.
double distance(const Stroke& stroke, Point p);

/// Later strokes lie on top of earlier ones. Seen is a rectangle around the origin.
struct Scene {
  double width, height;
  std::vector<Stroke> strokes;
};

/// 1 if an upright pole with a positive theta leans to the right in the scene, else -1. Carts' do;
/// Gymnasium's Pendulum, without a cart, counts against the clock. Throws as pole_places does.
double rightwards(const env::EnvironmentInfo& task);

/// The width and height of every scene of this task, without strokes. Throws as pole_places does.
Scene empty_scene(const env::EnvironmentInfo& task);

/// The pendulum in `state`, info.state scalars, and the action that it feels, as a share from -1 to
/// 1 of the largest: a cart on its rail if the task has an x, else a pole that hangs in the air;
/// and a second pole on the first one if there is one. Throws UsageError as pole_places does.
Scene pendulum_scene(const env::EnvironmentInfo& task, std::span<const float> state, double action);

}  // namespace sac::play
