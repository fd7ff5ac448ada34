// Writes that may fail without ending the run: each is tried again at the next occasion.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sac::training {

class RetriedWrites {
 public:
  /// Writes a file now. If `write` throws, it is kept for retry(), until it succeeds or is replaced
  /// by a newer write of the same file.
  void write(const std::string& file, std::function<void()> write);

  /// Tries again what has failed.
  void retry();

  /// The reasons that nobody was told yet. A file that fails again for the same reason is told
  /// once.
  std::vector<std::string> news();

  /// Is this file not written as it should be?
  bool failed(const std::string& file) const { return failed_.contains(file); }

  /// Why a file is not written as it should be; empty if all are.
  std::optional<std::string> failure() const;

 private:
  struct Failed {
    std::function<void()> write;
    std::string reason;
    bool told = false;
  };

  std::map<std::string, Failed> failed_;
};

}  // namespace sac::training
