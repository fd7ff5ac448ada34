// The step file of `sac_cuda step`.
#include "host/files/step_file.h"
#include "tests/fuzz/fuzzed_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sac;
  const auto& path = fuzz::file_of(data, size);
  fuzz::read([&] { files::read_step_inputs(path); });
  return 0;
}
