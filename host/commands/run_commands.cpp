#include "host/commands/run_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "host/base/limits.h"
#include "host/commands/commands.h"
#include "host/commands/options.h"

namespace sac::commands {
namespace {

void add_run(CLI::App& command, std::string& target) {
  command
      .add_option("checkpoint", target,
                  "A run directory, whose best policy is taken, or a checkpoint's file")
      ->option_text("RUN")
      ->required();
}

void add_env(CLI::App& command, std::string& target) {
  command.add_option("--env", target, "Environment (default: the checkpoint's)")->option_text("ID");
}

void add_runs(CLI::App& command, std::vector<std::string>& target) {
  command
      .add_option("runs", target,
                  "Run directories; those that differ in seeds and limits alone are taken together")
      ->option_text("RUN...")
      ->required();
}

}  // namespace

void add_evaluate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("evaluate", "Play episodes with a trained policy");
  const auto options = std::make_shared<EvaluateOptions>();
  add_run(*command, options->checkpoint);
  add_number(*command, "--episodes", options->episodes, allowed::episodes,
             "Episodes to play (default: 100)");
  add_number(*command, "--seed", options->seed, allowed::seed,
             "Draws the start states; none of them is one of a training run's own (default: 0)");
  command->add_flag("--stochastic", options->stochastic,
                    "Sample actions from the policy, on the CPU (default: its mean action)");
  add_env(*command, options->env);
  command->add_option("--device", options->device, "auto, cuda or cpu (default: auto)")
      ->option_text("NAME");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { evaluate(*options); });
}

void add_export(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("export", "Write a trained policy in a form that other programs run");
  const auto options = std::make_shared<ExportOptions>();
  add_run(*command, options->run);
  command
      ->add_option("file", options->target,
                   "policy.onnx: an ONNX model; policy.h: a header in C that needs no library")
      ->option_text("FILE")
      ->required();
  add_env(*command, options->env);
  command->footer(
      "Written is the mean action, m tanh(mean), in the units of the environment.\n\n"
      "Examples:\n"
      "  sac_cuda export runs/NAME policy.onnx            input obs [N, O], output action [N, A]\n"
      "  sac_cuda export runs/NAME policy.h               policy_action(obs, action), in C\n"
      "  scripts/pytorch_policy.py runs/NAME policy.pt2   the same policy in PyTorch\n");
  command->callback([options] { export_policy(*options); });
}

void add_play(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "play", "Show a trained policy at work, in the terminal or in an animated picture");
  const auto options = std::make_shared<PlayOptions>();
  add_run(*command, options->run);
  CLI::Option* gif =
      command->add_option("--gif", options->gif, "Write one episode as an animated GIF instead")
          ->option_text("FILE");
  command->add_option("--webp", options->webp, "The same as an animated WebP, a smaller file")
      ->option_text("FILE")
      ->excludes(gif);
  add_seconds(*command, "--seconds", options->seconds, allowed::seconds,
              "Of the animation, at most (default: the whole episode)");
  add_number(*command, "--seed", options->seed, allowed::seed,
             "Draws the first start state, as that of evaluate; the next ones have seed + 1, ... "
             "(default: 0)");
  add_env(*command, options->env);
  command->footer(
      "Keys: space pauses, r restarts, n takes the next start state, the arrows (or h and l) push "
      "the pole, q quits.\n\n"
      "Examples:\n"
      "  sac_cuda play runs/NAME                       live, at real speed\n"
      "  sac_cuda play runs/NAME --gif pendulum.gif    no terminal and no window needed\n");
  command->callback([options, &exit_code] { exit_code = play(*options); });
}

void add_compare(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare",
      "Print what runs came to: share solved, returns and time to solve, with intervals");
  const auto options = std::make_shared<CompareOptions>();
  add_runs(*command, options->runs);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { compare(*options); });
}

void add_report(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "report", "Write one HTML page: learning curves, health, and the policies at work");
  const auto options = std::make_shared<ReportOptions>();
  add_runs(*command, options->runs);
  command->add_option("--out", options->out, "The page to write")->option_text("FILE")->required();
  command->footer(
      "The page is one file that asks nothing of the network.\n\n"
      "Examples:\n"
      "  sac_cuda report runs/NAME --out report.html\n"
      "  sac_cuda report runs/hidden64-* runs/hidden256-* --out report.html\n"
      "  sac_cuda report runs/sweep-* --out report.html   the best trials of a sweep, and all in "
      "outline\n");
  command->callback([options] { report(*options); });
}

}  // namespace sac::commands
