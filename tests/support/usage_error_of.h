// The message of the UsageError that a call throws.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "host/base/usage_error.h"

namespace sac {

/// Fails the test, and returns "", if `call` throws none; fails it too if the message has more
/// than one line.
template <class Call>
std::string usage_error_of(Call&& call) {
  try {
    call();
  } catch (const UsageError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "no UsageError";
  return "";
}

/// Expects `text` to stand in `message`.
inline void expect_names(const std::string& message, const std::string& text) {
  EXPECT_NE(message.find(text), std::string::npos) << "'" << text << "' is not in: " << message;
}

}  // namespace sac
