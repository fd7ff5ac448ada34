#include "host/training/retried_writes.h"

#include <exception>
#include <utility>

namespace sac::training {
namespace {

// Empty if it succeeded.
std::string reason_of(const std::function<void()>& write) {
  try {
    write();
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

void RetriedWrites::write(const std::string& file, std::function<void()> write) {
  const std::string reason = reason_of(write);
  if (reason.empty()) {
    failed_.erase(file);
    return;
  }
  Failed& failed = failed_[file];
  failed.told = failed.told && failed.reason == reason;
  failed.reason = reason;
  failed.write = std::move(write);
}

void RetriedWrites::retry() {
  for (auto& [file, failed] : std::map(failed_)) write(file, failed.write);
}

std::vector<std::string> RetriedWrites::news() {
  std::vector<std::string> lines;
  for (auto& [file, failed] : failed_) {
    if (!std::exchange(failed.told, true)) lines.push_back(failed.reason);
  }
  return lines;
}

std::optional<std::string> RetriedWrites::failure() const {
  if (failed_.empty()) return std::nullopt;
  return failed_.begin()->second.reason;
}

}  // namespace sac::training
