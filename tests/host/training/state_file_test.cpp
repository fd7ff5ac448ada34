#include "host/training/state_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/fake_learner.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

class StateFileTest : public testing::Test {
 protected:
  StateFileTest() {
    TrainOptions options;
    options.env = "Pendulum-v1";
    options.device = "cpu";
    options.hidden = 8;
    options.envs = 3;
    options.agents = 2;
    options.replay_size = 10;
    options.batch = 4;
    config = resolve(options);
    FakeLearner learner(config.learner);
    learner.train(2);
    state.snapshot = learner.snapshot();
    float value = 0;  // every scalar is another one
    for (AgentSnapshot& agent : state.snapshot.agents) {
      for (auto* values :
           {&agent.parameters, &agent.adam_m, &agent.adam_v, &agent.replay, &agent.environments}) {
        for (float& x : *values) x = value++;
      }
      agent.episode_steps = {0, 7, 199};
      agent.episode_returns = {-1, -2, -3, -400, -500, -600};
      agent.losses = {value, 0.1, -1, 1e300};
    }
    state.record.evaluations = 3;
    state.record.evaluated_updates = 1;
    state.record.train_seconds = 0.1;
    state.record.wall_seconds = 1e-9;
    state.record.agents.resize(2);
    state.record.agents[0].seconds_to_solve = 1.0 / 3;
    state.record.agents[0].updates_to_solve = 77;
    state.record.agents[0].confirmation = Returns{400, -0.1, 2, 3, 4, 5};
    state.record.agents[0].retired = true;
    state.record.at_threshold = true;
    state.record.returns = {200, -1.0 / 3, 2, 3, 4, 5};
    state.record.agents[1] = {.evaluated_updates = 5,
                              .returns = {7, 1, 2, 3, 4, 5},
                              .confirmation = {},
                              .diagnostics = {-1.0 / 3, 0, 1, 2, 3, std::nan("")},
                              .losses = {std::nan(""), 1, 2, 3},
                              .training_return = -12.5,
                              .best = {7, -0.1, 0, 0, 0, 5},
                              .seconds_to_solve = {},
                              .updates_to_solve = {}};
    state.metrics = "a,b\n1,2\n";
  }

  std::string path() const { return (directory / "state.safetensors").string(); }

  RunState written_and_read() {
    write_state_file(path(), config, state);
    return StateFile(path()).read(config);
  }

  std::string error() {
    return usage_error_of([&] { written_and_read(); });
  }

  /// Replaces text in the file by text of the same length.
  void bend(const std::string& from, const std::string& to) {
    std::string content = file_content(path());
    const size_t at = content.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    put_file(path(), content.replace(at, from.size(), to));
  }

  TemporaryDirectory directory;
  TrainConfig config;
  RunState state;
};

TEST_F(StateFileTest, HoldsEverything) {
  const RunState read = written_and_read();
  EXPECT_EQ(read.snapshot.progress.vector_steps, 2);
  EXPECT_EQ(read.snapshot.progress.updates, state.snapshot.progress.updates);
  for (size_t p = 0; p < 2; ++p) {
    const AgentSnapshot &a = state.snapshot.agents[p], &b = read.snapshot.agents[p];
    EXPECT_EQ(a.parameters, b.parameters);
    EXPECT_EQ(a.adam_m, b.adam_m);
    EXPECT_EQ(a.adam_v, b.adam_v);
    EXPECT_EQ(a.replay, b.replay);
    EXPECT_EQ(a.environments, b.environments);
    EXPECT_EQ(a.episode_steps, b.episode_steps);
    EXPECT_EQ(a.episode_returns, b.episode_returns);
    EXPECT_EQ(a.losses.v, b.losses.v);
    EXPECT_EQ(a.losses.q2, b.losses.q2);
  }
  EXPECT_EQ(read.metrics, state.metrics);
  RunRecord expected = state.record;
  expected.updates = state.snapshot.progress.updates;
  expected.env_steps = 6;
  EXPECT_EQ(to_json(read.record), to_json(expected));
  EXPECT_TRUE(std::isnan(read.record.agents[1].losses.v));
  EXPECT_EQ(StateFile(path()).config()["hidden"], 8);
}

TEST_F(StateFileTest, TheSizeThatIsSaidIsThatOfAFullReplay) {
  FakeLearner learner(config.learner);
  learner.train(100);
  state.snapshot = learner.snapshot();
  write_state_file(path(), config, state);
  const double size = static_cast<double>(std::filesystem::file_size(path()));
  EXPECT_GE(size, state_bytes(config.learner));
  EXPECT_LE(size, state_bytes(config.learner) + 5000);  // names, configuration, record
}

TEST_F(StateFileTest, RefusesNumbersThatAreNone) {
  const RunState good = state;
  const auto bent = [&](const std::function<void(AgentSnapshot&)>& bend_agent) {
    state = good;
    bend_agent(state.snapshot.agents[1]);
    return error();
  };
  expect_names(bent([](AgentSnapshot& a) { a.parameters[5] = NAN; }), "'parameters' holds");
  expect_names(bent([](AgentSnapshot& a) { a.adam_m[5] = INFINITY; }), "'adam.m' holds");
  expect_names(bent([](AgentSnapshot& a) { a.adam_v[5] = -1; }), "'adam.v' holds a negative");
  expect_names(bent([](AgentSnapshot& a) { a.replay[5] = NAN; }), "'replay' holds");
  expect_names(bent([](AgentSnapshot& a) { a.environments[5] = NAN; }), "'environments' holds");
  expect_names(bent([](AgentSnapshot& a) { a.episode_steps[1] = 200; }), "expected 0 to 199");
  expect_names(bent([](AgentSnapshot& a) { a.episode_steps[1] = -1; }), "expected 0 to 199");
}

TEST_F(StateFileTest, RefusesSizesThatDoNotFit) {
  write_state_file(path(), config, state);
  ++config.learner.envs;
  expect_names(usage_error_of([&] { StateFile(path()).read(config); }), "has shape");
}

TEST_F(StateFileTest, RefusesOlderFormats) {
  write_state_file(path(), config, state);
  bend("\"format\":\"3\"", "\"format\":\"2\"");
  expect_names(usage_error_of([&] { const StateFile file(path()); }),
               "format 2, written by an older sac_cuda");
}

TEST_F(StateFileTest, RefusesDamagedText) {
  const std::pair<const char*, const char*> bends[] = {
      {"\"format\":\"3\"", "\"format\":\"4\""},
      {"\"format\":\"3\"", "\"format\":\"x\""},
      {"\"vector_steps\":\"2\"", "\"vector_steps\":\"9\""},
      {"\"vector_steps\":\"2\"", "\"vector_steps\":\"-\""},
      {"\"record\":\"{", "\"record\":\"["},
      {"\"config\":\"{", "\"config\":\"["},
      {"evaluations", "evaluationz"},
      {"\"replay\"", "\"rePlay\""},
      {"\"metrics\"", "\"mEtrics\""},
      {"\"dtype\":\"U8\"", "\"dtype\":\"I8\""}};
  for (const auto& [from, to] : bends) {
    write_state_file(path(), config, state);
    bend(from, to);
    expect_names(usage_error_of([&] { StateFile(path()).read(config); }), "state.safetensors: ");
  }
}

TEST_F(StateFileTest, RefusesARecordOfOtherAgents) {
  state.record.agents.resize(3);
  expect_names(error(), "'record' has 3 agents, expected 2");
}

TEST_F(StateFileTest, RefusesCountsThatAreNone) {
  const RunRecord good = state.record;
  state.record.evaluations = -1;
  expect_names(error(), "'record': -1 evaluations");
  state.record = good;
  state.record.evaluated_updates = state.snapshot.progress.updates + 1;
  expect_names(error(), "'record': 3 evaluations, the last after ");
  state.record = good;
  state.record.evaluations = 4321;
  for (const char* spelled : {"1e99", "0.50", "true", "null", "[22]"}) {
    write_state_file(path(), config, state);
    bend("evaluations\\\":4321", std::string("evaluations\\\":") + spelled);
    expect_names(usage_error_of([&] { StateFile(path()).read(config); }), "'record' is not that");
  }
}

// What the library would copy or destroy by recursion.
TEST_F(StateFileTest, RefusesTextThatIsNestedWithoutEnd) {
  const std::string deep =
      "{\"env\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  files::write_raw_safetensors(path(), {}, {{"config", deep}}, files::Durability::process);
  expect_names(usage_error_of([&] { StateFile file(path()); }), "'config' is not a JSON object");
}

}  // namespace
}  // namespace sac::training
