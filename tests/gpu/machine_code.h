// The machine code in an object file, as cuobjdump shows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sac {

struct Instruction {
  uint64_t address;
  std::string opcode;   ///< with all suffixes: "HMMA.16816.F32.BF16"
  uint64_t target = 0;  ///< of a branch
};

struct MachineCode {
  std::string kernel;        ///< mangled
  std::string architecture;  ///< "sm_90"
  std::vector<Instruction> instructions;

  /// Instructions whose opcode begins with `prefix`, from instruction `first` to `last` - 1.
  int count(const std::string& prefix, size_t first = 0, size_t last = SIZE_MAX) const;
};

/// The kernels of an object, for all architectures that it was compiled for. Empty if cuobjdump
/// fails or is not there.
std::vector<MachineCode> disassemble(const std::filesystem::path& object);

/// A loop without a loop in it: instructions `first` to `last` - 1, the branch back included.
struct InnerLoop {
  size_t first, last;
};
std::vector<InnerLoop> inner_loops(const MachineCode& code);

}  // namespace sac
