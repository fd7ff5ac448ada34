#include <fmt/ostream.h>

#include <iostream>
#include <string>

#include "host/commands/commands.h"
#include "host/commands/played_policy.h"
#include "host/cpu/mean_policy.h"
#include "host/files/atomic_file.h"
#include "host/play/animation.h"
#include "host/play/live.h"

namespace sac::commands {

int play(const PlayOptions& options) {
  const bool is_gif = !options.gif.empty();
  const std::string& target = is_gif ? options.gif : options.webp;
  if (!target.empty()) files::require_writable_file(target);
  const PlayedPolicy played = read_played_policy(options.run, options.env, true);
  cpu::MeanPolicy policy(played.policy.shape, played.task().max_action, played.policy.parameters,
                         1);
  warn_of_another_task(played);
  if (target.empty()) return play::play_live(played.environment, policy, options.seed);
  const std::string bytes =
      play::animation(is_gif ? play::Format::gif : play::Format::webp, played.environment, policy,
                      options.seed, options.seconds);
  files::write_file_atomically(target, bytes);
  fmt::print(std::cout, "{}: {} of {}, {:.0f} KB\n", target, played.file, played.task().id,
             static_cast<double>(bytes.size()) / 1e3);
  return 0;
}

}  // namespace sac::commands
