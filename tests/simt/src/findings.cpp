#include "findings.h"

#include <iostream>
#include <mutex>
#include <set>
#include <sstream>
#include <utility>

namespace simt {
namespace {

std::mutex mutex;
std::vector<Report> recorded;
std::set<std::pair<Finding, std::string>> seen;

}  // namespace

const char* name(Finding finding) {
  switch (finding) {
    case Finding::divergent_barrier:
      return "divergent barrier";
    case Finding::warp_mask:
      return "wrong warp mask";
    case Finding::race:
      return "race";
    case Finding::out_of_bounds:
      return "out of bounds";
    case Finding::uninitialised_read:
      return "uninitialised read";
    case Finding::misaligned:
      return "misaligned access";
    case Finding::trap:
      return "trap";
  }
  return "";
}

cudaError_t error_of(Finding finding) {
  switch (finding) {
    case Finding::out_of_bounds:
      return cudaErrorIllegalAddress;
    case Finding::misaligned:
      return cudaErrorMisalignedAddress;
    default:
      return cudaErrorLaunchFailure;
  }
}

void report(Finding finding, const std::optional<Place>& place, const std::string& line,
            const std::string& message) {
  const std::lock_guard lock(mutex);
  if (!seen.emplace(finding, line.empty() ? message : line).second) return;
  Report entry{finding, line, "", {}, {}, message};
  std::ostringstream text;
  text << "simt: " << name(finding);
  if (place) {
    entry.kernel = function_name(place->kernel);
    entry.block = place->block;
    entry.thread = place->thread;
    text << " in " << entry.kernel << ", block " << to_string(place->block) << ", thread "
         << to_string(place->thread);
  }
  if (!line.empty()) text << ", at " << line;
  std::cerr << text.str() << ": " << message << std::endl;
  recorded.push_back(std::move(entry));
}

std::string location(const char* file, int line) {
  return std::string(file) + ":" + std::to_string(line);
}

std::string to_string(const uint3& v) {
  std::ostringstream text;
  text << '(' << v.x << ',' << v.y << ',' << v.z << ')';
  return text.str();
}

std::vector<Report> recorded_reports() {
  const std::lock_guard lock(mutex);
  return recorded;
}

void forget_reports() {
  const std::lock_guard lock(mutex);
  recorded.clear();
  seen.clear();
}

}  // namespace simt
