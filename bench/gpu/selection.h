// Which of the tables, and of the kernels' rows, are wanted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sac::bench {

class Selection {
 public:
  /// Everything.
  Selection() = default;

  /// So many by their names: a table's key, or a kernel as the kernels' table calls it, which wants
  /// that table with no other kernel. Throws UsageError for a name that is neither.
  explicit Selection(std::vector<std::string> names);

  bool has_table(std::string_view key) const;

  /// Whether a row of the kernels' table is wanted.
  bool has_kernel(std::string_view name) const;

 private:
  bool names(std::string_view name) const;

  std::vector<std::string> names_;
};

/// "checks, ceilings, ...": all names there are.
std::string selectable_names();

}  // namespace sac::bench
