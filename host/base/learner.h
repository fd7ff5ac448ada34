// The learner: networks, optimiser state, replay and environments of P agents on one device.
// Trainer, evaluation, checkpoints and commands know this interface and nothing below it.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/purpose.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac::ranks {
class Ranks;
}

namespace sac {

/// The numbers of one gradient step. Defaults are the article's.
struct Hyperparameters {
  double gamma = 0.99;         ///< discount
  double tau = 0.005;          ///< soft update of the targets
  double reward_scale = 2.0;   ///< multiplies the reward in eq. 7's target
  double policy_lr = 3e-4;     ///< Adam's rate for pi
  double value_lr = 3e-4;      ///< Adam's rate for v
  double q_lr = 3e-4;          ///< Adam's rate for q1, q2
  double alpha_lr = 3e-4;      ///< Adam's rate for log_alpha (sac_v2); 0: the temperature stays
  double target_entropy = -1;  ///< what sac_v2's temperature is to bring the policy to
  double beta1 = 0.9, beta2 = 0.999, adam_eps = 1e-8;
  LogStdRange log_std;  ///< the clamp of the policy's second head
};

/// Who multiplies matrices on a GPU.
enum class Mlp {
  fused,   ///< our kernels, for the widths in kernels/fused/widths.h
  cublas,  ///< cuBLAS and elementwise kernels: any width; the baseline
};

/// Everything a learner needs to know before it can allocate.
struct LearnerConfig {
  int environment = 0;  ///< index in Environments; -1: none, the learner serves gradient_step only
  Shape shape;          ///< the algorithm, too; obs and act are the environment's, if there is one
  double max_action = 1;                ///< actions lie in [-max_action, max_action]
  int batch = 256;                      ///< transitions per gradient step
  int64_t envs = 4096;                  ///< environments per agent
  int agents = 1;                       ///< independent agents; agent p uses seed + p
  int updates_per_step = 1;             ///< gradient steps per vector step
  int64_t replay_capacity = 1'000'000;  ///< transitions per agent
  uint64_t seed = 0;
  double alpha = 1;  ///< sac_v2's temperature before the first gradient step
  int threads = 1;   ///< CPU learner only
  Precision precision = Precision::fp32;
  Mlp mlp = Mlp::fused;  ///< CUDA learner only
  Hyperparameters hyper;
  const ranks::Ranks* ranks = nullptr;  ///< the processes that are this learner together, each
                                        ///< with its part of a batch; null: this one alone
};

/// Losses of one gradient step: J_V (eq. 5), J_pi (eq. 12), J_Q1, J_Q2 (eq. 7), and sac_v2's
/// J_alpha. Zero where the algorithm has none.
struct Losses {
  double v = 0, pi = 0, q1 = 0, q2 = 0, alpha = 0;
  int64_t not_finite_since = 0;  ///< gradient step, from 1, at which one first was infinite or NaN;
                                 ///< 0: none was
};

inline bool finite(const Losses& l) {
  return std::isfinite(l.v) && std::isfinite(l.pi) && std::isfinite(l.q1) && std::isfinite(l.q2) &&
         std::isfinite(l.alpha);
}

/// What was done so far, per agent that is not retired.
struct Progress {
  int64_t vector_steps = 0;  ///< steps of all environments together
  int64_t updates = 0;       ///< gradient steps
};

/// One agent's learnable state; vectors in the layout of kernels/layout.h, agent_stride elements
/// each. Moments of the targets are unused and zero. Doubles hold float values exactly.
struct AgentState {
  std::vector<double> parameters, adam_m, adam_v;
  int64_t updates = 0;  ///< Adam steps taken
};

/// A batch and its noise, row-major [B, .]; what a gradient step would otherwise sample.
struct Batch {
  int size = 0;
  std::vector<double> obs, action, reward, next_obs, terminated;
  std::vector<double> target_noise;  ///< of eq. 5's a~ at s, or of sac_v2's a' at s'
  std::vector<double> policy_noise;  ///< of eq. 12's a^ at s
};

/// What one exact gradient step gives.
struct StepResult {
  AgentState state;               ///< after the step
  std::vector<double> gradients;  ///< layout of the parameters; the targets' part is zero
  Losses losses;                  ///< before the step
};

/// Everything of one agent that training changes. Floats: a learner that computes in double keeps
/// digits that are lost here.
struct AgentSnapshot {
  std::vector<float> parameters, adam_m, adam_v;  ///< [agent_stride]
  std::vector<float> replay;                      ///< [replay_size, record size], by slot
  std::vector<float> environments;                ///< [scalars of State, envs]
  std::vector<int32_t> episode_steps;             ///< [envs], as in kernels/device_state.h
  std::vector<float> episode_returns;             ///< [2, envs], likewise
  Losses losses;                                  ///< of the latest gradient step
};

/// What a learner needs to go on exactly, on its own device to the bit. Random numbers follow from
/// the seed and the counts.
struct Snapshot {
  Progress progress;
  std::vector<AgentSnapshot> agents;
};

/// Episodes to be played, each from a start state of its own, with a = m tanh(mean).
struct EpisodePlan {
  int episodes = 0;                     ///< per agent
  uint64_t seed = 0;                    ///< agent p draws with seed + p
  Purpose purpose = Purpose::evaluate;  ///< what the start states are drawn for
  uint64_t number = 0;                  ///< of this evaluation, among those with its purpose
  bool sampled = false;           ///< actions sampled from the policy instead; on the CPU alone
  std::vector<bool> agents = {};  ///< who plays; empty: all

  bool plays(size_t agent) const { return agents.empty() || agents.at(agent); }
};

/// Returns of whole episodes; empty for an agent that did not play.
struct Evaluation {
  std::vector<double> returns;  ///< one per episode
  std::vector<int> lengths;     ///< steps per episode
};

/// Not thread-safe; one thread drives a learner. Every call returns when its work is done.
class Learner {
 public:
  virtual ~Learner() = default;

  /// `vector_steps` steps of every environment with uniform random actions, into the replay.
  virtual void warm_up(int64_t vector_steps) = 0;

  /// `cycles` times: one vector step with the policy, then updates_per_step gradient steps
  /// (none while the replay holds fewer transitions than a batch).
  virtual void train(int64_t cycles) = 0;

  /// The agent learns no more: it stays as it is and costs no more time, where the products are not
  /// cuBLAS' of all agents at once. Others go on with the same bits. For good; one that is restored
  /// from a snapshot is told again.
  virtual void retire(int agent) = 0;

  /// The agent learns with these from its next step on, instead of the configuration's. They are no
  /// part of a snapshot: a fresh learner is told again.
  virtual void set_hyperparameters(int agent, const Hyperparameters& hyper) = 0;

  /// The losses of every agent's latest gradient step, and since when they were not finite.
  virtual std::vector<Losses> losses() = 0;

  /// Asked by any thread, often: shall an evaluation be given up?
  using GiveUp = std::function<bool()>;

  /// Plays the plan's episodes with the policies of the agents that it names, retired ones too.
  /// Training state is untouched. Returns nothing soon after `give_up` says so; a GPU asks it once,
  /// before it plays.
  virtual std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) = 0;
  std::vector<Evaluation> evaluate(const EpisodePlan& plan) {
    return evaluate(plan, [] { return false; });
  }

  virtual AgentState state(int agent) = 0;

  /// The newest `count` transitions of an agent's replay, oldest first, fewer if it holds fewer;
  /// rows of record_layout(shape).
  virtual std::vector<float> newest(int agent, int64_t count) = 0;

  /// The return of every environment's last whole episode in training; NaN before there was one.
  virtual std::vector<float> episode_returns(int agent) = 0;

  /// Throws std::invalid_argument if a vector has the wrong size.
  virtual void load(int agent, const AgentState& state) = 0;

  /// A copy of all that training changes. Only for a learner with an environment.
  virtual Snapshot snapshot() = 0;

  /// Goes on where the snapshot was taken. Throws std::invalid_argument if it is that of a learner
  /// of another configuration.
  virtual void restore(const Snapshot& snapshot) = 0;

  /// One gradient step of agent 0 on a given batch and noise, with the very code of `train`.
  /// batch.size must be the configured batch. The agent keeps the new state.
  virtual StepResult gradient_step(const Batch& batch) = 0;

  virtual Progress progress() const = 0;

  /// Bytes that the learner holds, replay included.
  virtual size_t memory_bytes() const = 0;

  /// One line: which device, and how it computes.
  virtual std::string description() const = 0;
};

}  // namespace sac
