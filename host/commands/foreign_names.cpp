#include "host/commands/foreign_names.h"

#include <algorithm>
#include <string>

namespace sac::commands {
namespace {

struct ForeignName {
  std::string_view ours, theirs;  ///< theirs: separated by blanks, with dashes inside a word
};

constexpr ForeignName kOptions[] = {
    {"--env", "env-id env-name environment task gym-id"},
    {"--envs", "num-envs n-envs n-env num-environments num-workers"},
    {"--steps",
     "total-timesteps n-timesteps timesteps total-steps num-timesteps max-steps total-env-steps "
     "total-frames n"},
    {"--updates", "gradient-updates num-updates max-updates"},
    {"--updates-per-step", "gradient-steps utd utd-ratio num-update updates-per-env-step"},
    {"--replay-size", "buffer-size replay-buffer-size memory-size replay-capacity capacity"},
    {"--warmup", "learning-starts warmup-steps start-steps random-steps init-random-frames"},
    {"--batch", "batch-size minibatch-size"},
    {"--policy-lr", "learning-rate lr actor-lr pi-lr policy-learning-rate actor-learning-rate"},
    {"--value-lr",
     "learning-rate lr q-lr critic-lr v-lr vf-lr qf-lr critic-learning-rate value-learning-rate"},
    {"--gamma", "discount discount-factor"},
    {"--tau", "polyak target-smoothing-coefficient soft-update"},
    {"--reward-scale", "ent-coef entropy-coef temperature"},
    {"--alpha", "ent-coef entropy-coef temperature init-temperature"},
    {"--target-entropy", "entropy-target autotune"},
    {"--algorithm", "algo agent-type"},
    {"--hidden", "hidden-size hidden-dim hidden-units hidden-layers net-arch width"},
    {"--eval-every", "eval-freq eval-interval evaluation-frequency"},
    {"--eval-episodes", "n-eval-episodes num-eval-episodes eval-eps"},
    {"--episodes", "n-eval-episodes num-eval-episodes n-episodes num-episodes eval-episodes"},
    {"--target-return", "reward-threshold return-threshold threshold solved-at stop-reward"},
    {"--threads", "num-threads n-jobs num-cpu num-cpus cpus j"},
    {"--agents", "num-agents num-seeds n-seeds"},
    {"--device", "cuda gpu no-cuda"},
    {"--out", "log-dir logdir log-folder log-path save-dir output output-dir exp-name run-dir f o"},
    {"--time-limit", "max-time timeout walltime"},
    {"--quiet", "silent no-progress q"},
    {"--stochastic", "sample sampled"},
    {"RUN", "checkpoint model model-path load load-model weights policy"},
};

constexpr ForeignName kCommands[] = {
    {"train", "learn run fit"},
    {"evaluate", "eval test"},
    {"play", "enjoy watch render view record video"},
    {"export", "convert save deploy onnx"},
    {"simulate", "sim rollout"},
    {"gradcheck", "check"},
    {"devices", "device gpus info"},
    {"--help", "help"},
    {"--version", "version"},
};

bool has_word(std::string_view words, const std::string& word) {
  return (" " + std::string(words) + " ").find(" " + word + " ") != std::string::npos;
}

}  // namespace

std::vector<std::string_view> our_names_for(std::string_view word) {
  const bool option = word.starts_with('-');
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  std::string theirs(word);
  std::ranges::replace(theirs, '_', '-');
  std::vector<std::string_view> ours;
  const auto look_up = [&](const auto& names) {
    for (const ForeignName& name : names) {
      if (has_word(name.theirs, theirs)) ours.push_back(name.ours);
    }
  };
  option ? look_up(kOptions) : look_up(kCommands);
  return ours;
}

}  // namespace sac::commands
