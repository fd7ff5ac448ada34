#include "tests/gpu/machine_code.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <regex>

namespace sac {

std::vector<MachineCode> disassemble(const std::filesystem::path& object) {
  const std::regex function("Function : (\\S+)"), architecture("arch = (\\S+)"),
      instruction("^\\s+/\\*([0-9a-f]+)\\*/\\s+(?:@!?\\w+ )?([A-Z][A-Z0-9_.]+)"),
      branch(" BRA (?:[^;]* )?(?:`\\([^)]*\\)|0x([0-9a-f]+))");
  std::vector<MachineCode> kernels;
  const std::string command = SAC_CUOBJDUMP " -sass '" + object.string() + "'";
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string target;
  std::array<char, 4096> buffer;
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) {
    std::cmatch match;
    if (std::regex_search(buffer.data(), match, architecture)) target = match[1];
    if (std::regex_search(buffer.data(), match, function)) kernels.push_back({match[1], target, {}});
    if (kernels.empty() || !std::regex_search(buffer.data(), match, instruction)) continue;
    Instruction i{std::stoull(match[1], nullptr, 16), match[2]};
    if (std::regex_search(buffer.data(), match, branch) && match[1].matched) {
      i.target = std::stoull(match[1], nullptr, 16);
    }
    if (i.opcode != "NOP") kernels.back().instructions.push_back(i);
  }
  return kernels;
}

int MachineCode::count(const std::string& prefix, size_t first, size_t last) const {
  const auto begin = instructions.begin();
  return static_cast<int>(std::count_if(
      begin + static_cast<std::ptrdiff_t>(first),
      begin + static_cast<std::ptrdiff_t>(std::min(last, instructions.size())),
      [&](const Instruction& i) { return i.opcode.starts_with(prefix); }));
}

std::vector<InnerLoop> inner_loops(const MachineCode& code) {
  std::vector<InnerLoop> loops;
  const std::vector<Instruction>& all = code.instructions;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].opcode != "BRA" || all[i].target >= all[i].address) continue;
    const auto start = std::ranges::lower_bound(all, all[i].target, {}, &Instruction::address);
    const InnerLoop loop{static_cast<size_t>(start - all.begin()), i + 1};
    // Branches come in order, so a loop inside this one has been seen.
    const bool innermost = std::ranges::none_of(
        loops, [&](const InnerLoop& seen) { return seen.first >= loop.first; });
    if (innermost) loops.push_back(loop);
  }
  return loops;
}

}  // namespace sac
