// A configuration: as the config.json of a run without a state, and as what --config names, JSON or
// TOML. The command line around it is the program's own; its commands do nothing here.
#include <cstdlib>

#include "host/commands/command_line.h"
#include "host/commands/commands.h"
#include "host/training/resume.h"
#include "host/training/run_directory.h"
#include "tests/fuzz/fuzzed_file.h"

namespace sac::commands {

int train(const training::TrainOptions& options) {
  training::resolve(options);
  return 0;
}
int sweep(const sac::sweep::SweepOptions&) {
  return 0;
}
void evaluate(const EvaluateOptions&) {}
int play(const PlayOptions&) {
  return 0;
}
void export_policy(const ExportOptions&) {}
void compare(const CompareOptions&) {}
void report(const ReportOptions&) {}
void step(const StepOptions&) {}
int gradcheck(const GradcheckOptions&) {
  return 0;
}
void simulate(const SimulateOptions&, std::ostream&, std::ostream&) {}
void devices() {}

}  // namespace sac::commands

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sac;
  const std::string file = fuzz::file_of(data, size).string();
  const int code = commands::run_command_line({"train", "--config", file});
  if (code != 0 && code != 2) std::abort();
  training::TrainOptions options;
  options.resume = fuzz::directory_with(training::kConfigFile).string();
  fuzz::read([&] { training::resume(options); });
  return 0;
}
