#include "host/commands/command_line.h"

int main(int argc, char** argv) {
  return sac::commands::run_command_line({argv + 1, argv + argc});
}
