// The environments there are. Adding one: its header here, and its name in the list.
#pragma once

#include <cstddef>

#include "kernels/env/bullet_double_pendulum.h"
#include "kernels/env/bullet_pendulum.h"
#include "kernels/env/environment.h"
#include "kernels/env/mujoco_double_pendulum.h"
#include "kernels/env/mujoco_pendulum.h"
#include "kernels/env/pendulum_v1.h"

namespace sac::env {

/// A list of environments, each still a template over the scalar.
template <template <class> class... E>
struct EnvironmentList {
  static constexpr int size = sizeof...(E);
  static constexpr EnvironmentInfo info[] = {E<double>::info...};

  /// Calls f.template operator()<E>() for environment number `index`; false if there is none.
  template <class F>
  static bool visit(int index, F&& f) {
    int i = 0;
    return ((i++ == index ? (f.template operator()<E>(), true) : false) || ...);
  }
};

/// The first one is the default.
using Environments =
    EnvironmentList<InvertedPendulumBullet, InvertedPendulumSwingupBullet, PendulumV1,
                    InvertedPendulumV5, InvertedDoublePendulumBullet, InvertedDoublePendulumV5>;

}  // namespace sac::env
