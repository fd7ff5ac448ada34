#include "host/export/c_header.h"

#include <gtest/gtest.h>

#include "tests/host/export/exported_fixture.h"

namespace sac::exporting {
namespace {

/// Reads observations, writes actions.
constexpr const char* kMain = R"(#include "policy.h"
#include <stdio.h>

int main(void) {
  float obs[OBS], action[ACT];
  while (fread(obs, sizeof obs, 1, stdin) == 1) {
    policy_action(obs, action);
    if (fwrite(action, sizeof action, 1, stdout) != 1) return 1;
  }
  return 0;
}
)";

class CHeader : public Exported {
 protected:
  /// Compiles the exported header with every warning, and has it write its actions.
  void run_header(int task, const std::string& compiler) {
    output_of({"export", "policy.safetensors", "policy.h"});
    put_file(directory_ / "main.c", kMain);
    const env::EnvironmentInfo& info = environment_info(task);
    run("/bin/sh",
        {"-c", compiler + " -O2 -Wall -Wextra -Wpedantic -Wconversion -Wdouble-promotion -Werror" +
                   " -DOBS=" + std::to_string(info.obs) + " -DACT=" + std::to_string(info.act) +
                   " main.c -lm -o main && ./main < obs.f32 > actions.f32"});
  }
};

TEST_F(CHeader, ActsAsWeDo) {
  for (int task = 0; task < env::Environments::size; ++task) {
    make_policy(task, 256);
    run_header(task, "cc -std=c99");
    expect_our_actions(environment_info(task).id, environment_info(task).max_action);
  }
}

TEST_F(CHeader, IsCPlusPlusToo) {
  make_policy(0, 8);
  run_header(0, "c++ -x c++ -std=c++11");
  expect_our_actions("C++", 1);
}

TEST_F(CHeader, TwoOfThemLiveInOneProgram) {
  make_policy(0, 8);
  output_of({"export", "policy.safetensors", "swing-up.h"});
  output_of({"export", "policy.safetensors", "2.h"});
  put_file(directory_ / "main.c",
           "#include \"2.h\"\n#include \"swing-up.h\"\n#include \"swing-up.h\"\n"
           "int main(void) { float o[5] = {0}, a[1], b[1]; _2_action(o, a); swing_up_action(o, b);"
           " return a[0] != b[0]; }\n");
  run("/bin/sh", {"-c", "cc -std=c99 main.c -lm -o main && ./main"});
}

TEST_F(CHeader, NamesAreIdentifiers) {
  EXPECT_EQ(c_name("policy"), "policy_action");
  EXPECT_EQ(c_name("my policy-2"), "my_policy_2_action");
  EXPECT_EQ(c_name("2"), "_2_action");
  EXPECT_EQ(c_name("int"), "int_action");
  EXPECT_EQ(c_name("größe"), "gr____e_action");
}

}  // namespace
}  // namespace sac::exporting
