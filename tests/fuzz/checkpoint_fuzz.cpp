// Checkpoints, as `step` and tests read them, and as `evaluate` does.
#include "host/files/checkpoint.h"
#include "tests/fuzz/fuzzed_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sac;
  const auto& path = fuzz::file_of(data, size);
  fuzz::read([&] {
    files::SafetensorsFile file(path);
    files::read_checkpoint(file);
  });
  for (const bool mean_is_enough : {false, true}) {
    fuzz::read([&] {
      files::SafetensorsFile file(path);
      files::read_policy(file, mean_is_enough);
    });
  }
  return 0;
}
