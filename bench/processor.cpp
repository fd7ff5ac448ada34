#include "bench/processor.h"

#include <fstream>
#include <thread>

namespace sac::bench {

std::string processor() {
  std::string model = "not known";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    model = line.substr(line.find(": ") + 2);
    break;
  }
  return model + ", " + std::to_string(std::thread::hardware_concurrency()) + " threads";
}

}  // namespace sac::bench
