// The benchmark programs, run as a user runs them, on the SIMT emulator: exit codes, and results
// that are all there. What the figures are means nothing there, and nothing is asked of them but
// that they are figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/program.h"

namespace sac::bench {
namespace {

namespace fs = std::filesystem;

/// The files of a directory, by their extension.
std::map<std::string, fs::path> files_in(const fs::path& directory) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    files[entry.path().extension()] = entry.path();
  }
  return files;
}

/// Every number of the table is finite and not negative; those of the named columns are there and
/// positive, in every row.
void expect_figures(const nlohmann::json& table, const std::vector<std::string>& positive) {
  for (const nlohmann::json& row : table) {
    for (const auto& [key, value] : row.items()) {
      EXPECT_FALSE(value.is_null()) << key << " is not finite in " << row;
      if (value.is_number()) {
        EXPECT_GE(value.get<double>(), 0) << key << " in " << row;
      }
    }
    for (const std::string& key : positive) {
      ASSERT_TRUE(row.contains(key)) << key << " in " << row;
      EXPECT_GT(row[key].get<double>(), 0) << key << " in " << row;
    }
  }
}

/// The rows whose variant begins so.
nlohmann::json rows_of(const nlohmann::json& table, const std::string& way) {
  nlohmann::json rows = nlohmann::json::array();
  for (const nlohmann::json& row : table) {
    if (row["variant"].get<std::string>().starts_with(way)) rows.push_back(row);
  }
  return rows;
}

std::set<std::string> values(const nlohmann::json& table, const std::string& key) {
  std::set<std::string> all;
  for (const nlohmann::json& row : table) all.insert(row[key].get<std::string>());
  return all;
}

void expect_gpu_tables(const nlohmann::json& json) {
  const std::string device = json["machine"]["device"];
  EXPECT_TRUE(device.starts_with("SIMT emulator on the CPU: times mean nothing")) << device;
  const nlohmann::json& tables = json["tables"];

  ASSERT_TRUE(tables.contains("checks"));
  EXPECT_EQ(values(tables["checks"], "verdict"), std::set<std::string>{"passed"});

  expect_figures(tables["ceilings"], {"per_second"});
  EXPECT_EQ(values(tables["ceilings"], "what"),
            (std::set<std::string>{"copy in device memory", "read from L2", "fma, fp32",
                                   "mma.sync, tf32", "mma.sync, bf16"}));

  const nlohmann::json& kernels = tables["kernels"];
  expect_figures(kernels, {"hot_median_us", "cold_median_us"});
  expect_figures(rows_of(kernels, "fused"),
                 {"flop", "bytes", "limit_us", "share", "predicted_us", "measured_over_predicted",
                  "cold_limit_us", "cold_share"});
  for (const std::string precision : {"fp32", "tf32", "bf16"}) {
    const nlohmann::json rows = rows_of(kernels, "fused, " + precision);
    std::set<std::string> expected = {"gradients", "update", "gradient step", "rollout"};
    if (precision == "fp32") expected.insert("evaluation");
    EXPECT_EQ(values(rows, "kernel"), expected);
    EXPECT_EQ(rows.size(), 2 * 4 + (precision == "fp32" ? 1u : 0u));
    const nlohmann::json others = rows_of(kernels, "cuBLAS, " + precision);
    EXPECT_EQ(values(others, "kernel"), (std::set<std::string>{"gradient step", "rollout"}));
    EXPECT_EQ(others.size(), 2 * 2u);
    for (const nlohmann::json& row : rows) {
      const bool compared = row["kernel"] == "gradient step" || row["kernel"] == "rollout";
      EXPECT_EQ(row.contains("over_cublas"), compared) << row;
    }
  }
  for (const nlohmann::json& row : kernels) {
    EXPECT_EQ(row["hot_us"].size(), 3u);
    EXPECT_EQ(row["cold_us"].size(), 3u);
  }

  expect_figures(tables["normals"], {"median_us", "per_second", "bytes", "limit_us", "share"});
  EXPECT_EQ(tables["normals"].size(), 3u);

  EXPECT_EQ(tables["latency"].size(), 10 + 3u);
  for (const nlohmann::json& row : tables["latency"]) {
    if (row.contains("failure")) {
      EXPECT_EQ(row["failure"], "not on the SIMT emulator");
    } else {
      EXPECT_GT(row["each_ns"].get<double>(), 0) << row;
    }
  }

  const nlohmann::json& training = tables["training"];
  expect_figures(training, {"update_median_us", "updates_per_second", "env_steps_per_second"});
  EXPECT_EQ(training.size(), 6u);
  for (const nlohmann::json& row : rows_of(training, "fused")) {
    EXPECT_EQ(row["nodes_per_update"], 2);
    EXPECT_EQ(row["nodes_per_vector_step"], 1);
    EXPECT_GT(row["over_cublas"].get<double>(), 0);
  }
  for (const nlohmann::json& row : rows_of(training, "cuBLAS")) {
    EXPECT_GT(row["nodes_per_update"].get<int>(), 2);
    EXPECT_FALSE(row.contains("over_cublas"));
  }

  expect_figures(tables["startup"], {"ms"});
  EXPECT_EQ(tables["startup"].size(), 5u);
}

TEST(BenchGpuProgram, LeavesADatedTableAndItsJson) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_GPU_PROGRAM, directory.path(),
                  {"--quick", "--out", "results", "--commit", "abc123"});
  EXPECT_EQ(program.wait(), 0) << program.err();
  const auto files = files_in(directory / "results");
  ASSERT_TRUE(files.contains(".json") && files.contains(".md") && files.contains(".html"));
  EXPECT_EQ(files.size(), 3u);

  const std::string name = files.at(".md").stem();
  EXPECT_EQ(name.substr(10), "-simt-emulator-on-the-cpu-times-mean-nothing-sac-v1");
  const nlohmann::json json = nlohmann::json::parse(file_content(files.at(".json")));
  expect_gpu_tables(json);
  EXPECT_EQ(json["machine"]["commit"], "abc123");
  EXPECT_EQ(json["machine"]["algorithm"], "sac-v1");

  const std::string markdown = file_content(files.at(".md"));
  for (const char* key : {"Checks", "Ceilings", "Kernels", "Standard normals", "Training"}) {
    const size_t heading = markdown.find(std::string("\n## ") + key);
    ASSERT_NE(heading, std::string::npos) << key;
    const std::string line =
        markdown.substr(heading + 1, markdown.find('\n', heading + 1) - heading);
    EXPECT_NE(line.find("times mean nothing"), std::string::npos) << line;
  }
}

TEST(BenchGpuProgram, TimesTheLaterAlgorithmToo) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_GPU_PROGRAM, directory.path(),
                  {"--quick", "--out", "results", "--algorithm", "sac-v2"});
  EXPECT_EQ(program.wait(), 0) << program.err();
  const auto files = files_in(directory / "results");
  EXPECT_TRUE(files.at(".json").stem().string().ends_with("-sac-v2"));
  const nlohmann::json json = nlohmann::json::parse(file_content(files.at(".json")));
  expect_gpu_tables(json);
  EXPECT_EQ(json["machine"]["algorithm"], "sac-v2");
}

TEST(BenchGpuProgram, WrongOptionsEndWithOneLineAndTwo) {
  const TemporaryDirectory directory;
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--fast"}, {"--out"}, {"--only", "nothing"}, {"--algorithm", "sac-v3"}}) {
    Program program(SAC_BENCH_GPU_PROGRAM, directory.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    const std::string error = program.err();
    EXPECT_EQ(std::ranges::count(error, '\n'), 1) << error;
    EXPECT_NE(error.find(arguments[0]), std::string::npos) << error;
  }
}

TEST(BenchProgram, WritesBothProcessorsToJson) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_PROGRAM, directory.path(),
                  {"--quick", "--json", "all.json", "--benchmark_filter=hidden 64"});
  EXPECT_EQ(program.wait(), 0) << program.err();
  const nlohmann::json json = nlohmann::json::parse(file_content(directory / "all.json"));
  expect_gpu_tables(json);
  const nlohmann::json& cpu = json["tables"]["cpu"];
  EXPECT_GT(cpu.size(), 1u);
  expect_figures(cpu, {"per_second", "lowest", "highest"});
  size_t with_limits = 0;
  for (const nlohmann::json& row : cpu) {
    EXPECT_EQ(row["samples_per_second"].size(), 3u);
    if (row.contains("share")) ++with_limits;
  }
  EXPECT_GT(with_limits, 0u);
  EXPECT_NE(json["machine"]["processor"], "");
}

TEST(BenchProgram, WritesAPage) {
  const TemporaryDirectory directory;
  Program program(
      SAC_BENCH_PROGRAM, directory.path(),
      {"--quick", "--cpu", "--html", "speed.html", "--benchmark_filter=hidden 64, batch 100"});
  EXPECT_EQ(program.wait(), 0) << program.err();
  const std::string page = file_content(directory / "speed.html");
  EXPECT_NE(page.find("<h2>The CPU learner"), std::string::npos);
  EXPECT_NE(page.find("data-name=\"share\"><span class=\"bar\"><i style=\"width:"),
            std::string::npos);
}

TEST(BenchProgram, SaysAtOnceThatAFileCannotBeWritten) {
  const TemporaryDirectory directory;
  for (const char* option : {"--html", "--json"}) {
    Program program(SAC_BENCH_PROGRAM, directory.path(), {"--cpu", option, "nowhere/speed"});
    EXPECT_EQ(program.wait(), 2);
    EXPECT_EQ(program.out(), "") << "nothing was measured for it";
    EXPECT_NE(program.err().find("nowhere"), std::string::npos) << program.err();
  }
}

TEST(BenchProgram, OneProcessorAlone) {
  const TemporaryDirectory directory;
  Program gpu(SAC_BENCH_PROGRAM, directory.path(), {"--quick", "--gpu"});
  EXPECT_EQ(gpu.wait(), 0) << gpu.err();
  EXPECT_NE(gpu.out().find("Ceilings"), std::string::npos);
  EXPECT_EQ(gpu.out().find("The CPU learner"), std::string::npos);
  Program cpu(SAC_BENCH_PROGRAM, directory.path(),
              {"--quick", "--cpu", "--benchmark_filter=hidden 64"});
  EXPECT_EQ(cpu.wait(), 0) << cpu.err();
  EXPECT_EQ(cpu.out().find("Ceilings"), std::string::npos);
  EXPECT_NE(cpu.out().find("The CPU learner"), std::string::npos);
}

/// The program without the emulator, with every GPU hidden that there may be.
class BenchProgramWithoutAGpu : public testing::Test {
 protected:
  BenchProgramWithoutAGpu() { setenv("CUDA_VISIBLE_DEVICES", "-1", 1); }
  ~BenchProgramWithoutAGpu() override { unsetenv("CUDA_VISIBLE_DEVICES"); }
};

TEST_F(BenchProgramWithoutAGpu, RefusesToMeasureOne) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_WITHOUT_EMULATOR, directory.path(), {"--gpu"});
  EXPECT_EQ(program.wait(), 2);
  const std::string error = program.err();
  EXPECT_EQ(std::ranges::count(error, '\n'), 1) << error;
  EXPECT_NE(error.find("no usable GPU: "), std::string::npos) << error;
}

TEST_F(BenchProgramWithoutAGpu, MeasuresTheCpuAndSaysWhyNothingElse) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_WITHOUT_EMULATOR, directory.path(),
                  {"--quick", "--benchmark_filter=without policy"});
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_NE(program.out().find("The CPU learner"), std::string::npos);
  EXPECT_NE(program.out().find("No GPU tables: "), std::string::npos);
}

TEST(BenchProgram, WrongOptionsEndWithOneLineAndTwo) {
  const TemporaryDirectory directory;
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--fast"}, {"--cpu", "--gpu"}, {"--json"}}) {
    Program program(SAC_BENCH_PROGRAM, directory.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    const std::string error = program.err();
    EXPECT_EQ(std::ranges::count(error, '\n'), 1) << error;
    EXPECT_NE(error.find(arguments[0]), std::string::npos) << error;
  }
}

TEST(BenchProgram, HelpTeaches) {
  const TemporaryDirectory directory;
  Program program(SAC_BENCH_PROGRAM, directory.path(), {"--help"});
  EXPECT_EQ(program.wait(), 0);
  for (const char* option : {"--cpu", "--gpu", "--quick", "--json", "--benchmark_filter"}) {
    EXPECT_NE(program.out().find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace sac::bench
