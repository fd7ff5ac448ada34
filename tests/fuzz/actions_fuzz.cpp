// The actions of `sac_cuda simulate`.
#include "host/files/csv.h"
#include "tests/fuzz/fuzzed_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sac;
  const auto& path = fuzz::file_of(data, size);
  fuzz::read([&] { files::read_actions(path.string()); });
  return 0;
}
