#include "host/environment_index.h"

#include <gtest/gtest.h>

#include "host/usage_error.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

TEST(EnvironmentIndex, FindsEveryId) {
  for (int i = 0; i < Environments::size; ++i) {
    EXPECT_EQ(environment_index(Environments::info[i].id), i);
  }
}

TEST(EnvironmentIndex, ListsTheIdsWhenThereIsNone) {
  for (const std::string id : {"", "pendulum-v1", "Pendulum-v12", "Pendulum-v"}) {
    try {
      environment_index(id);
      FAIL() << id;
    } catch (const UsageError& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("'" + id + "'"), std::string::npos) << message;
      for (const EnvironmentInfo& info : Environments::info) {
        EXPECT_NE(message.find(info.id), std::string::npos) << message;
      }
      EXPECT_EQ(message.find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sac
