// A run's state, as --resume reads it: its configuration first, then the rest with that.
#include "host/training/resume.h"
#include "host/training/run_directory.h"
#include "tests/fuzz/fuzzed_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sac;
  fuzz::file_of(data, size);
  training::TrainOptions options;
  options.resume = fuzz::directory_with(training::kStateFile).string();
  fuzz::read([&] { training::resume(options); });
  return 0;
}
