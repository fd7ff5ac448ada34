#include "host/base/environments.h"

#include <gtest/gtest.h>

#include "host/base/usage_error.h"
#include "kernels/env/registry.h"
#include "tests/support/usage_error_of.h"

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

TEST(EnvironmentIndex, NamesTheNearestId) {
  for (const auto& [id, meant] :
       {std::pair{"pendulum-v1", "Pendulum-v1"},
        {"Pendulum-v0", "Pendulum-v1"},
        {"Pendulum", "Pendulum-v1"},
        {"pendulm", "Pendulum-v1"},
        {"InvertedDoublePendulum-v4", "InvertedDoublePendulum-v5"},
        {"InvertedPendulum-v4", "InvertedPendulum-v5"},
        {"INVERTEDPENDULUM", "InvertedPendulum-v5"},
        {"InvertedPendulumBulletEnv", "InvertedPendulumBulletEnv-v0"},
        {"InvertedPendulumSwingUpBulletEnv-v1", "InvertedPendulumSwingupBulletEnv-v0"}}) {
    expect_names(usage_error_of([id = id] { environment_index(id); }),
                 std::string("; did you mean ") + meant + "?");
  }
  const std::string other = usage_error_of([] { environment_index("CartPole-v1"); });
  EXPECT_EQ(other.find("did you mean"), std::string::npos) << other;
}

}  // namespace
}  // namespace sac
