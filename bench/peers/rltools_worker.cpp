// RLtools' own SAC program for its Pendulum, timed sample by sample for bench/peers: one
// environment, one gradient step per environment step. SAC_HIDDEN and SAC_BATCH are given by the
// compiler (rltools.py), the rest is as in the program's header, which RLTOOLS_PENDULUM names.
// Speaks the protocol of step_worker.py.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include RLTOOLS_PENDULUM

// RLtools declares what it needs of OpenBLAS itself, so that <cblas.h> cannot be included.
extern "C" char* openblas_get_config();
extern "C" char* openblas_get_corename();

namespace {

struct Parameters : LOOP_CORE_PARAMETERS {
  struct SAC_PARAMETERS : LOOP_CORE_PARAMETERS::SAC_PARAMETERS {
    static constexpr TI ACTOR_BATCH_SIZE = SAC_BATCH;
    static constexpr TI CRITIC_BATCH_SIZE = SAC_BATCH;
  };
  static constexpr TI N_WARMUP_STEPS = SAC_BATCH;
  static constexpr TI N_WARMUP_STEPS_CRITIC = SAC_BATCH;
  static constexpr TI N_WARMUP_STEPS_ACTOR = SAC_BATCH;
  static constexpr TI STEP_LIMIT = 1'000'000'000;
  static constexpr TI REPLAY_BUFFER_CAP = 100'000;  // problem.py's TRANSITIONS
  static constexpr TI ACTOR_HIDDEN_DIM = SAC_HIDDEN;
  static constexpr TI CRITIC_HIDDEN_DIM = SAC_HIDDEN;
};

using Config =
    rlt::rl::algorithms::sac::loop::core::Config<TYPE_POLICY, TI, RNG, ENVIRONMENT, Parameters>;
using State = Config::State<Config>;

/// Steps between two looks at the clock, as in sac_step_worker.
constexpr int kSteps = 20;

void run_steps(DEVICE& device, State& state, int steps) {
  for (int i = 0; i < steps; ++i) rlt::step(device, state);
}

void print_sample(DEVICE& device, State& state, double wanted) {
  using Clock = std::chrono::steady_clock;
  long long steps = 0;
  double seconds = 0;
  const Clock::time_point begin = Clock::now();
  while (seconds < wanted) {
    run_steps(device, state, kSteps);
    steps += kSteps;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  std::cout << "{\"steps\": " << steps << ", \"seconds\": " << seconds << "}" << std::endl;
}

}  // namespace

int main() {
  DEVICE device;
  const auto state = std::make_unique<State>();
  rlt::malloc(device, *state);
  rlt::init(device, *state, 0);
  run_steps(device, *state,
            SAC_BATCH + kSteps);  // from the first SAC_BATCH on there are gradient steps
  const std::string config = openblas_get_config();  // begins with OpenBLAS and its version
  const std::string version = config.substr(0, config.find(' ', config.find(' ') + 1));
  std::cout << "{\"description\": \"" << version << ", kernels for " << openblas_get_corename()
            << "\", \"compile_seconds\": 0}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    print_sample(device, *state, std::stod(line));
  }
}
