#include "host/export/onnx_model.h"

#include <gtest/gtest.h>

#include "tests/host/export/exported_fixture.h"

namespace sac::exporting {
namespace {

using nlohmann::json;

class OnnxModel : public Exported {
 protected:
  /// What the model says of itself in ONNX Runtime, which writes its actions.
  json run_onnx() {
    output_of({"export", "policy.safetensors", "policy.onnx"});
    return json::parse(run("/usr/bin/env", {SAC_TEST_PYTHON, SAC_SOURCE "/tests/python/run_onnx.py",
                                            "policy.onnx", "obs.f32", "actions.f32"}));
  }
};

TEST_F(OnnxModel, ActsAsWeDoInOnnxRuntime) {
  ASSERT_TRUE(std::filesystem::exists(SAC_TEST_PYTHON)) << "scripts/setup.sh makes it";
  for (int task = 0; task < env::Environments::size; ++task) {
    make_policy(task, 256);
    const json model = run_onnx();
    const env::EnvironmentInfo& info = environment_info(task);
    expect_our_actions(info.id, info.max_action);
    EXPECT_EQ(model["ports"],
              json::parse(R"([["obs", ["N", 0]], ["action", ["N", 0]]])")
                  .patch(json{{{"op", "replace"}, {"path", "/0/1/1"}, {"value", info.obs}},
                              {{"op", "replace"}, {"path", "/1/1/1"}, {"value", info.act}}}));
    EXPECT_EQ(model["opset"], json({{"", 17}}));
    EXPECT_EQ(model["metadata"]["task"], info.id);
  }
}

TEST_F(OnnxModel, ActsAsWeDoForAnyWidth) {
  for (const int hidden : {1, 33}) {
    make_policy(0, hidden);
    run_onnx();
    expect_our_actions(std::to_string(hidden), 1);
  }
}

TEST_F(OnnxModel, SaysWhatItIsFor) {
  make_policy(environment_index("Pendulum-v1"), 16);
  EXPECT_EQ(run_onnx()["metadata"], json({{"task", "Pendulum-v1"},
                                          {"version", "sac_cuda " SAC_VERSION},
                                          {"obs_names", "cos_theta,sin_theta,theta_dot"},
                                          {"obs_low", "-1,-1,-8"},
                                          {"obs_high", "1,1,8"},
                                          {"action_names", "torque"},
                                          {"action_low", "-2"},
                                          {"action_high", "2"},
                                          {"step_seconds", "0.05"}}));
  make_policy(environment_index("InvertedPendulumBulletEnv-v0"), 16);
  EXPECT_EQ(run_onnx()["metadata"]["obs_high"], "inf,inf,1,1,inf");
}

}  // namespace
}  // namespace sac::exporting
