#include "host/sweep/halving.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/base/usage_error.h"
#include "host/files/atomic_file.h"
#include "host/sweep/ranking.h"

namespace sac::sweep {
namespace {

std::filesystem::path file_of(const Plan& plan) {
  return plan.directory / "halving.json";
}

}  // namespace

Decisions read_decisions(const Plan& plan) {
  std::error_code error;
  if (!std::filesystem::exists(file_of(plan), error)) return {};
  std::ifstream in(file_of(plan));
  try {
    return nlohmann::json::parse(in).get<Decisions>();
  } catch (const nlohmann::json::exception& e) {
    throw UsageError(file_of(plan).string() + ": holds no sweep's decisions: " + e.what());
  }
}

void write_decisions(const Plan& plan, const Decisions& decisions) {
  files::write_file_atomically(file_of(plan), nlohmann::json(decisions).dump() + '\n');
}

std::vector<int> better_half(const Plan& plan, const std::vector<int>& trials) {
  std::vector<int> better;
  for (const Ranked& r : ranking(plan, trials)) {
    if (better.size() < (trials.size() + 1) / 2) better.push_back(r.trial);
  }
  std::ranges::sort(better);
  return better;
}

}  // namespace sac::sweep
