#include "host/base/environments.h"

#include <gtest/gtest.h>

#include "host/base/usage_error.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

TEST(EnvironmentIndex, FindsEveryId) {
  for (int i = 0; i < env::Environments::size; ++i) {
    EXPECT_EQ(environment_index(env::Environments::info[i].id), i);
  }
}

TEST(EnvironmentIndex, ListsTheIdsWhenThereIsNone) {
  for (const std::string id : {"", "pendulum-v1", "Pendulum-v12", "Pendulum-v"}) {
    try {
      environment_index(id);
      FAIL() << id;
    } catch (const UsageError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with("--env " + (id.empty() ? "''" : id) + ": expected "));
      for (const env::EnvironmentInfo& info : env::Environments::info) {
        EXPECT_NE(message.find(info.id), std::string::npos) << message;
      }
      EXPECT_EQ(message.find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sac
