#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "host/commands/command_line.h"
#include "host/cuda/gpu.h"
#include "host/files/checkpoint.h"
#include "tests/host/commands/command_line_fixture.h"
#include "tests/support/step_case.h"

namespace sac::commands {
namespace {

TEST_F(CommandLine, HelpShowsCommandsOptionsAndDefaults) {
  const std::string help = output_of({"--help"});
  for (const char* text :
       {"train", "evaluate", "play", "export", "step", "devices", "--env ID", "--replay-size N",
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

TEST_F(CommandLine, OptionsAreReadWithoutACommandBeingRun) {
  const training::TrainOptions options = train_options({"--hidden=64", "--keep-going"});
  EXPECT_EQ(options.hidden, 64);
  EXPECT_TRUE(options.keep_going);
  EXPECT_EQ(gradcheck_options({"--batch=8"}).batch, 8);
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"--evns=3"}, {"--hidden=0"}, {"--config=/nowhere"}}) {
    const std::string line = usage_error_of([&] { train_options(wrong); });
    std::vector<std::string> words = wrong;
    words.insert(words.begin(), "train");
    expect_names(error_of(words), line.c_str());
  }
  EXPECT_FALSE(usage_error_of([] { train_options({"--help"}); }).empty());
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
  expect_names(error_of({"watch", "x"}), "did you mean play?");
  expect_names(error_of({"convert", "x"}), "did you mean export?");
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

}  // namespace
}  // namespace sac::commands
