#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "host/base/named_parameters.h"
#include "host/cuda/gpu.h"
#include "host/files/checkpoint.h"
#include "tests/support/program.h"
#include "tests/support/step_case.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::commands {
namespace {

using nlohmann::json;
using Arguments = std::vector<std::string>;

class CommandLine : public testing::Test {
 protected:
  std::string output_of(const Arguments& arguments) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
    EXPECT_EQ(program.err(), "");
    return program.out();
  }

  // Exit code 2, one line that begins with the program's name, nothing printed, nothing written.
  std::string error_of(const Arguments& arguments) {
    const auto files = std::distance(std::filesystem::directory_iterator(directory_.path()), {});
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    EXPECT_EQ(program.out(), "");
    const std::string error = program.err();
    EXPECT_EQ(error.rfind("sac_cuda: ", 0), 0u) << error;
    EXPECT_EQ(error.find('\n'), error.size() - 1) << error;
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), files);
    return error;
  }

  // A run that learns something within a fraction of a second.
  static Arguments small_run(const Arguments& more) {
    Arguments arguments{"--env",   "Pendulum-v1", "--envs",       "8", "--hidden", "16",
                        "--batch", "32",          "--threads",    "1", "--device", "cpu",
                        "--out",   "run",         "--eval-every", "50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  json summary() { return json::parse(file_content(directory_ / "run/summary.json")); }

  void expect_interrupted_by(int signal);

  TemporaryDirectory directory_;
};

TEST_F(CommandLine, HelpShowsCommandsOptionsAndDefaults) {
  const std::string help = output_of({"--help"});
  for (const char* text : {"train", "evaluate", "step", "devices", "--env ID", "--replay-size N",
                           "(default: 1000000)", "article: 0.0003", "Examples:"}) {
    expect_names(help, text);
  }
  for (const char* option :
       {"--env",           "--envs",   "--agents",    "--device",       "--threads",
        "--seed",          "--preset", "--hidden",    "--batch",        "--updates-per-step",
        "--replay-size",   "--warmup", "--policy-lr", "--value-lr",     "--gamma",
        "--precision",     "--mlp",    "--tau",       "--reward-scale", "--eval-every",
        "--eval-episodes", "--steps",  "--updates",   "--time-limit",   "--keep-going",
        "--out",           "--quiet",  "--resume",    "--save-every",   "--config"}) {
    expect_names(output_of({"train", "--help"}), option);
  }
  expect_names(output_of({"--seed", "1", "--help"}), "Usage: sac_cuda train");
  expect_names(output_of({"step", "--help"}), "--inputs IN.safetensors");
  expect_names(output_of({"evaluate", "--help"}), "--episodes N");
}

TEST_F(CommandLine, VersionAndDevices) {
  EXPECT_EQ(output_of({"--version"}), "sac_cuda " SAC_VERSION "\n");
  expect_names(output_of({"devices"}), "cpu ");
}

TEST_F(CommandLine, BadArgumentsAreOneLine) {
  expect_names(error_of({"--evns", "3"}), "unknown option --evns: did you mean --env");
  expect_names(error_of({"--qiet"}), "did you mean --quiet?");
  expect_names(error_of({"--frobnicate=3"}), "unknown option --frobnicate; sac_cuda train --help");
  expect_names(error_of({"evaluat", "x"}), "unknown argument evaluat: did you mean evaluate?");
  expect_names(error_of({"train", "twice"}), "unknown argument twice");
  expect_names(error_of({"--envs"}), "--envs needs a value");
  expect_names(error_of({"step", "--inputs", "x"}), "--outputs is required");
  expect_names(error_of({"evaluate"}), "checkpoint is required");
}

TEST_F(CommandLine, NamesOfOtherProgramsAreAnsweredWithOurs) {
  for (const auto& [theirs, ours] : {std::pair{"--learning-rate", "--policy-lr or --value-lr"},
                                     {"--lr", "--policy-lr or --value-lr"},
                                     {"--num-envs", "--envs"},
                                     {"--num_envs=8", "--envs"},
                                     {"--total-timesteps", "--steps"},
                                     {"--buffer-size", "--replay-size"},
                                     {"--learning-starts", "--warmup"},
                                     {"--batch-size", "--batch"},
                                     {"--gradient-steps", "--updates-per-step"},
                                     {"--n-eval-episodes", "--eval-episodes"},
                                     {"--env-id", "--env"},
                                     {"--log-dir", "--out"}}) {
    expect_names(error_of({theirs, "1"}), std::string(": did you mean ") + ours + "? ");
  }
  expect_names(error_of({"evaluate", "x", "--n-eval-episodes", "1"}), "did you mean --episodes?");
  expect_names(error_of({"evaluate", "--model", "x"}), "did you mean RUN?");
  expect_names(error_of({"eval", "x"}), "unknown argument eval: did you mean evaluate?");
  expect_names(error_of({"learn"}), "did you mean train?");
  expect_names(error_of({"help"}), "did you mean --help?");
}

TEST_F(CommandLine, NumbersAreUnderstoodAsPeopleWriteThem) {
  output_of(small_run({"--updates", "0.01k", "--time-limit", "10m", "--warmup", "1_000",
                       "--replay-size", "1e5", "--steps", "2M", "--quiet"}));
  const json config = json::parse(file_content(directory_ / "run/config.json"));
  EXPECT_EQ(config["updates"], 10);
  EXPECT_EQ(config["time_limit"], 600);
  EXPECT_EQ(config["warmup"], 1000);
  EXPECT_EQ(config["replay_size"], 100'000);
  EXPECT_EQ(config["steps"], 2'000'000);
}

TEST_F(CommandLine, BadValuesNameWhatIsAllowed) {
  for (const char* option :
       {"--envs", "--agents", "--threads", "--hidden", "--batch", "--updates-per-step",
        "--replay-size", "--policy-lr", "--value-lr", "--tau", "--reward-scale", "--eval-every",
        "--eval-episodes", "--steps", "--updates", "--time-limit"}) {
    for (const char* value : {"0", "-1", "nan", "inf", "1e999", "99999999999999999999", "12x"}) {
      const std::string error = error_of({option, value});
      expect_names(error, std::string(option) + " " + value + ": expected a");
    }
  }
  for (const char* value : {"-0.1", "1.1", "nan", "x"}) {
    expect_names(error_of({"--gamma", value}), std::string("--gamma ") + value + ": expected");
  }
  expect_names(error_of({"--seed", "-1"}), "--seed -1: expected");
  expect_names(error_of({"--warmup", "-1"}), "--warmup -1: expected");
  expect_names(error_of({"--env", "Cartpole"}), "--env Cartpole: expected ");
  expect_names(error_of({"--preset", "quick"}), "--preset quick: expected fast or article");
  if (const cuda::GpuProbe gpu = cuda::probe_gpu(); !gpu.usable) {
    expect_names(error_of({"--device", "cuda"}), "--device cuda: " + gpu.line);
  }
  expect_names(error_of({"--envs", "100", "--replay-size", "99"}), "--replay-size 99");
  expect_names(error_of({"--hidden", "4096", "--agents", "4096"}), "too large for memory");
  expect_names(error_of({"--steps", "500"}),
               "--steps 500: the warm-up takes 4096 (--warmup 4096, --batch 128, --envs 4096)");
}

TEST_F(CommandLine, BadRunDirectoriesAreRefused) {
  put_file(directory_ / "file", "");
  expect_names(error_of({"--out", "file"}), "--out file:");
  expect_names(error_of({"--out", "file/run"}), "is not a directory");
  expect_names(error_of({"--out", "/proc/run"}), "--out /proc/run:");
}

TEST_F(CommandLine, TrainsAndLeavesARun) {
  const std::string out = output_of(small_run({"--updates", "120"}));
  expect_names(out, "replay ratio: 4 (1 updates x batch 32 / 8 new transitions)");
  EXPECT_EQ(out.find('\r'), std::string::npos);  // not a terminal
  EXPECT_EQ(summary()["updates"], 120);
  EXPECT_EQ(summary()["stop_reason"], "updates");
  EXPECT_EQ(summary()["env_steps"], 1000 + 120 * 8);
  std::istringstream metrics(file_content(directory_ / "run/metrics.csv"));
  int lines = 0;
  for (std::string line; std::getline(metrics, line);) ++lines;
  EXPECT_EQ(lines, 1 + 3);  // after 50, 100 and 120 updates
  expect_names(error_of(small_run({"--updates", "1"})), "holds a run already");
}

TEST_F(CommandLine, QuietSaysNothing) {
  EXPECT_EQ(output_of(small_run({"--updates", "10", "--quiet"})), "");
}

TEST_F(CommandLine, ALowReplayRatioIsWarnedOf) {
  expect_names(output_of(small_run({"--updates", "1", "--envs", "64", "--updates-per-step", "1"})),
               "warning: a replay ratio below 1");
}

TEST_F(CommandLine, SaysWhenNothingCanBeCalledSolved) {
  expect_names(output_of(small_run({"--updates", "1", "--eval-episodes", "5"})),
               "--eval-episodes 5 are too few");
}

TEST_F(CommandLine, TheSameSeedIsTheSameRun) {
  std::string first;
  for (const char* out : {"a", "b"}) {
    output_of(small_run({"--updates", "60", "--seed", "5", "--out", out}));
    const std::string checkpoint = file_content(directory_ / out / "checkpoint.safetensors");
    if (first.empty()) first = checkpoint;
    EXPECT_EQ(checkpoint, first);
  }
}

TEST_F(CommandLine, ARunsConfigurationIsARun) {
  output_of(small_run({"--updates", "60", "--gamma", "0.9", "--keep-going"}));
  output_of({"--config", "run/config.json", "--out", "again", "--quiet"});
  EXPECT_EQ(file_content(directory_ / "run/checkpoint.safetensors"),
            file_content(directory_ / "again/checkpoint.safetensors"));
  output_of({"--config", "run/config.json", "--out", "other", "--gamma", "0.8", "--quiet"});
  const json config = json::parse(file_content(directory_ / "other/config.json"));
  EXPECT_EQ(config["gamma"], 0.8) << "the command line wins";
  EXPECT_EQ(config["hidden"], 16);
  EXPECT_EQ(config["keep_going"], true);
}

TEST_F(CommandLine, OptionsFromToml) {
  put_file(directory_ / "a.toml",
           "# a run\nenv = \"Pendulum-v1\"\nhidden = 16\nkeep-going = true\nupdates = 10\n"
           "eval_episodes = 2\ndevice = \"cpu\"\n[train]\nenvs = 8\n");
  output_of({"--config", "a.toml", "--out", "run", "--updates", "20", "--quiet"});
  const json config = json::parse(file_content(directory_ / "run/config.json"));
  EXPECT_EQ(config["env"], "Pendulum-v1");
  EXPECT_EQ(config["hidden"], 16);
  EXPECT_EQ(config["envs"], 8);
  EXPECT_EQ(config["eval_episodes"], 2);
  EXPECT_EQ(config["keep_going"], true);
  EXPECT_EQ(config["updates"], 20) << "the command line wins";
}

TEST_F(CommandLine, BadConfigurationsAreRefused) {
  expect_names(error_of({"--config", "none"}), "--config none: cannot be read");
  put_file(directory_ / "bad", "hiden = 3");
  expect_names(error_of({"--config", "bad"}), "--config bad: hiden is no option");
  put_file(directory_ / "bad", "hidden = x");
  expect_names(error_of({"--config", "bad"}), "--config bad: --hidden x: expected");
  put_file(directory_ / "bad", "{\"hidden\": [1, 2]}");
  expect_names(error_of({"--config", "bad"}), "--config bad: --hidden [1,2]: expected");
  put_file(directory_ / "bad", "{\"resume\": \"run\"}");
  expect_names(error_of({"--config", "bad"}), "--config bad: resume is no option");
  put_file(directory_ / "bad", "{\"keep_going\": \"perhaps\"}");
  expect_names(error_of({"--config", "bad"}), "--config bad: ");
  put_file(directory_ / "bad", "{\"format\": 99}");
  expect_names(error_of({"--config", "bad"}), "bad: format 99, written by a newer");
}

TEST_F(CommandLine, EvaluatesACheckpoint) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  const std::string text = output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "7"});
  expect_names(text, "Pendulum-v1: 7 episodes, return -");
  const json result = json::parse(
      output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "7", "--json"}));
  EXPECT_EQ(result["checkpoint"], "run/checkpoint.safetensors");
  EXPECT_EQ(json::parse(output_of({"evaluate", "run", "--json"}))["checkpoint"],
            "run/best.safetensors");
  EXPECT_EQ(result["episodes"], 7);
  EXPECT_EQ(result["length_mean"], 200);
  EXPECT_LE(result["return_min"], result["return_mean"]);
  EXPECT_LE(result["return_mean"], result["return_max"]);
}

// A file that another program cut out of a checkpoint: only the policy, in any type, and nothing
// said of it but what --env says.
TEST_F(CommandLine, EvaluatesABarePolicy) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  files::SafetensorsFile whole(directory_ / "run/checkpoint.safetensors");
  std::vector<files::NamedArray> policy;
  for (const NamedTensor& t : named_parameters({.obs = 3, .act = 1, .hidden = 16})) {
    const bool mean = t.network == Network::pi && !t.name.starts_with("pi.log_std");
    if (mean) policy.push_back({t.name, t.shape, whole.read(t.name, t.shape)});
  }
  files::write_safetensors(directory_ / "policy.safetensors", policy, {}, files::Dtype::f64);
  const Arguments evaluate{"evaluate", "policy.safetensors", "--episodes", "3"};
  expect_names(error_of(evaluate),
               "policy.safetensors: metadata env is missing: expected --env ID");
  Arguments with_env = evaluate;
  with_env.insert(with_env.end(), {"--env", "Pendulum-v1"});
  EXPECT_EQ(output_of(with_env),
            output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "3"}));
  with_env.push_back("--stochastic");
  expect_names(error_of(with_env), "tensor 'pi.log_std.weight' is missing");
  with_env.back() = "--env=InvertedPendulum-v5";
  expect_names(error_of(with_env), "made for obs 3, act 1");
}

TEST_F(CommandLine, EvaluatesWithSampledActions) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  const Arguments evaluate{"evaluate", "run/checkpoint.safetensors", "--episodes", "3"};
  Arguments sampled = evaluate;
  sampled.push_back("--stochastic");
  expect_names(output_of(sampled), "Pendulum-v1: 3 episodes with sampled actions, return -");
  EXPECT_EQ(output_of(sampled), output_of(sampled));
  sampled.insert(sampled.end(), {"--device", "cuda"});
  expect_names(error_of(sampled), "--stochastic: the GPU plays the mean action alone");
}

TEST_F(CommandLine, EvaluateWarnsOfAPolicyOfAnotherTask) {
  output_of({"--envs", "64", "--hidden", "16", "--threads", "1", "--device", "cpu", "--updates",
             "1", "--eval-episodes", "1", "--quiet", "--out", "run"});
  Program program(SAC_CUDA_PROGRAM, directory_.path(),
                  {"evaluate", "run/checkpoint.safetensors", "--episodes", "1", "--env",
                   "InvertedPendulumSwingupBulletEnv-v0"});
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(),
            "sac_cuda: warning: run/checkpoint.safetensors was trained for "
            "InvertedPendulumBulletEnv-v0, not for InvertedPendulumSwingupBulletEnv-v0\n");
  expect_names(program.out(), "InvertedPendulumSwingupBulletEnv-v0: 1 episodes");
}

// As scripts write it, so that a file called --json is a file.
TEST_F(CommandLine, TwoDashesEndTheOptions) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  std::filesystem::copy(directory_ / "run/checkpoint.safetensors", directory_ / "--json");
  expect_names(output_of({"evaluate", "--episodes", "1", "--", "--json"}), "1 episodes, return -");
  expect_names(output_of({"evaluate", "--json", "--", "run/checkpoint.safetensors"}), "{");
  output_of({"--quiet", "--updates", "1", "--envs", "8", "--out", "other", "--"});
  expect_names(output_of({"--", "devices"}), "cpu ");
  expect_names(error_of({"--", "stray"}), "unknown argument stray");
  expect_names(error_of({"evaluate", "--", "x", "y"}), "unknown argument y");
  expect_names(error_of({"evaluate", "x", "--", "--json"}), "unknown argument --json; sac_cuda");
  expect_names(error_of({"train", "--", "devices"}), "unknown argument devices");
  expect_names(error_of({"train", "devices"}), "unknown argument devices");
}

// Every command that prints: exit code 1 and a line, not silence or an abort.
TEST_F(CommandLine, ResultsThatCannotBePrintedAreAFailure) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  StepCase().write(directory_ / "in.safetensors");
  put_file(directory_ / "actions.csv", "action\n1\n");
  for (const char* command :
       {"--help", "--version", "train --help", "man", "completion", "devices",
        "evaluate run/checkpoint.safetensors --episodes 1",
        "evaluate run/checkpoint.safetensors --episodes 1 --json",
        "step --inputs in.safetensors --outputs out.safetensors",
        "simulate --env Pendulum-v1 --actions actions.csv", "gradcheck --hidden 4 --batch 4",
        "--updates 1 --envs 8 --out other"}) {
    for (const auto& [output, reason] :
         {std::pair{"/dev/full", "No space left on device"}, {"&-", "Bad file descriptor"}}) {
      Program shell("/bin/sh", directory_.path(),
                    {"-c", std::string(SAC_CUDA_PROGRAM " ") + command + " >" + output});
      EXPECT_EQ(shell.wait(), 1) << command;
      EXPECT_EQ(shell.err(),
                std::string("sac_cuda: standard output cannot be written: ") + reason + "\n")
          << command;
      std::filesystem::remove_all(directory_ / "other");
    }
  }
}

// What the bits hang on is written down as it is for this run.
TEST_F(CommandLine, TheConfigurationNamesTheInstructionSetInUse) {
  Program shell("/bin/sh", directory_.path(),
                {"-c", "ONEDNN_MAX_CPU_ISA=SSE41 " SAC_CUDA_PROGRAM
                       " --env Pendulum-v1 --envs 8 --hidden 16 --updates 1 --eval-episodes 1"
                       " --device cpu --quiet --out run"});
  EXPECT_EQ(shell.wait(), 0) << shell.err();
  const json config = json::parse(file_content(directory_ / "run/config.json"));
  EXPECT_EQ(config["provenance"]["onednn_isa"], "SSE41");
}

// oneDNN would print its own lines among the results.
TEST_F(CommandLine, StandardOutputBelongsToResults) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  Program shell("/bin/sh", directory_.path(),
                {"-c", "ONEDNN_VERBOSE=1 " SAC_CUDA_PROGRAM
                       " evaluate run/checkpoint.safetensors --episodes 1 --json"});
  EXPECT_EQ(shell.wait(), 0);
  EXPECT_EQ(json::parse(shell.out())["episodes"], 1);
  expect_names(shell.err(), "verbose");
}

TEST_F(CommandLine, EvaluateRefusesWhatDoesNotFit) {
  expect_names(error_of({"evaluate", "missing.safetensors"}), "missing.safetensors: no such file");
  std::filesystem::create_directory(directory_ / "empty");
  expect_names(error_of({"evaluate", "empty"}), "empty: holds no policy");
  put_file(directory_ / "broken.safetensors", "broken");
  expect_names(error_of({"evaluate", "broken.safetensors"}), "broken.safetensors: truncated");
  StepCase().write(directory_ / "other.safetensors");
  expect_names(error_of({"evaluate", "other.safetensors"}),
               "metadata env is missing: expected --env ID");
  expect_names(error_of({"evaluate", "other.safetensors", "--env", "Pendulum-v1"}),
               "made for obs 3, act 2, max_action 1.5, but Pendulum-v1 has");
  expect_names(error_of({"evaluate", "other.safetensors", "--episodes", "0"}), "--episodes 0:");
}

TEST_F(CommandLine, StepWritesWhatItComputed) {
  StepCase().write(directory_ / "in.safetensors");
  for (const char* option : {"--double", "--device=cpu"}) {
    expect_names(
        output_of({"step", "--inputs", "in.safetensors", "--outputs", "out.safetensors", option}),
        "out.safetensors: loss v ");
    files::SafetensorsFile out(directory_ / "out.safetensors");
    EXPECT_EQ(files::read_checkpoint(out).state.updates, 7);
    EXPECT_EQ(out.dtype("grad.pi.mean.bias"),
              option == std::string("--double") ? files::Dtype::f64 : files::Dtype::f32);
  }
}

TEST_F(CommandLine, StepRefusesAndWritesNothing) {
  StepCase bad;
  bad.tensor("batch.reward").values[1] = NAN;
  bad.write(directory_ / "bad.safetensors");
  expect_names(error_of({"step", "--inputs", "bad.safetensors", "--outputs", "out.safetensors"}),
               "bad.safetensors: tensor 'batch.reward' holds nan");
  StepCase().write(directory_ / "in.safetensors");
  expect_names(error_of({"step", "--inputs", "in.safetensors", "--outputs", "no/out.safetensors"}),
               "no/out.safetensors: cannot be written");
  expect_names(error_of({"step", "--inputs", "in.safetensors", "--outputs", "/dev/null"}),
               "not a regular file");
  expect_names(error_of({"step", "--inputs", "none", "--outputs", "out.safetensors"}),
               "none: no such file");
}

// Starts a run without end, waits until it trains, and ends it.
void CommandLine::expect_interrupted_by(int signal) {
  Program program(SAC_CUDA_PROGRAM, directory_.path(), small_run({"--keep-going"}));
  const std::filesystem::path checkpoint = directory_ / "run/checkpoint.safetensors";
  for (int i = 0; i < 600 && !std::filesystem::exists(checkpoint); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  program.kill(signal);
  EXPECT_EQ(program.wait(), 128 + signal) << program.err();
  EXPECT_EQ(program.err(), "");
  EXPECT_EQ(summary()["stop_reason"], "interrupted");
  files::SafetensorsFile file(checkpoint);
  EXPECT_EQ(std::stoll(file.metadata("updates")) % 50, 0) << "the policy that was evaluated last";
  files::read_checkpoint(file);
  files::SafetensorsFile state(directory_ / "run/state.safetensors");
  EXPECT_EQ(std::to_string(summary()["updates"].get<int64_t>()), state.metadata("updates"));
  expect_names(program.out(), "finishing the step and saving");
}

TEST_F(CommandLine, AClosedPipeEndsTheDisplayAlone) {
  std::string command = SAC_CUDA_PROGRAM;
  for (const std::string& argument : small_run({"--updates", "200"})) command += " " + argument;
  command = "cd " + directory_.path().string() + "; { " + command + "; echo $? > code; } | true";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(file_content(directory_ / "code"), "0\n");
  EXPECT_EQ(summary()["updates"], 200);
}

// A quota that metrics.csv fits into, and no checkpoint.
TEST_F(CommandLine, AnEndThatCannotBeWrittenIsAFailure) {
  std::string command = "ulimit -f 4; exec " SAC_CUDA_PROGRAM;
  for (const std::string& argument : small_run({"--updates", "100", "--quiet"})) {
    command += " " + argument;
  }
  Program program("/bin/sh", directory_.path(), {"-c", command});
  EXPECT_EQ(program.wait(), 1);
  expect_names(program.err(), "checkpoint.safetensors: cannot be written: File too large\n");
  EXPECT_EQ(summary()["updates"], 100);
}

TEST_F(CommandLine, CtrlCLeavesACompleteRun) {
  expect_interrupted_by(SIGINT);
}

TEST_F(CommandLine, SigtermLeavesACompleteRun) {
  expect_interrupted_by(SIGTERM);
}

}  // namespace
}  // namespace sac::commands
