// A matrix of every agent, in the terms of cuBLAS.
#pragma once

#include <cstddef>

namespace sac::unfused {

/// Row-major; agent p's part starts p strides after the first agent's.
struct AgentMatrix {
  float* data = nullptr;  ///< device memory
  int rows = 0, cols = 0;
  int row_stride = 0;       ///< floats from row to row, at least cols
  size_t agent_stride = 0;  ///< floats from agent to agent

  /// Rows first .. first + count - 1.
  constexpr AgentMatrix row_range(int first, int count) const {
    return {data + static_cast<size_t>(first) * row_stride, count, cols, row_stride, agent_stride};
  }
  /// Columns first .. first + count - 1.
  constexpr AgentMatrix col_range(int first, int count) const {
    return {data + first, rows, count, row_stride, agent_stride};
  }
};

}  // namespace sac::unfused
