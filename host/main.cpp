#include <fcntl.h>

#include <cstdio>

#include "host/commands/command_line.h"

namespace {

/// Standard output belongs to results, which are printed through std::cout. What libraries print
/// through C's stdout (ONEDNN_VERBOSE, cuBLAS's log) goes to standard error.
void keep_standard_output_for_results() {
#ifdef __GLIBC__
  stdout = stderr;  // std::cout keeps the stream that stdout was
#endif
}

/// A standard stream that the caller closed must not become the next file that is opened: writing
/// to it fails instead.
void occupy_closed_streams() {
  for (const int stream : {0, 1, 2}) {
    if (fcntl(stream, F_GETFD) == -1) open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_streams();
  keep_standard_output_for_results();
  return sac::commands::run_command_line({argv + 1, argv + argc});
}
