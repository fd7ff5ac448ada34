// The program in two parts: one without kernels, and the library that it finds beside itself.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/cuda/gpu_library.h"
#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::cuda {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

class GpuLibraryBeside : public testing::Test {
 protected:
  GpuLibraryBeside() { fs::copy_file(SAC_WITHOUT_KERNELS, program_); }

  fs::path library() const { return directory_ / kGpuLibraryFile; }

  static Arguments run(const std::string& out, const Arguments& more) {
    Arguments arguments{"train", "--env",        "Pendulum-v1", "--envs",          "9",  "--hidden",
                        "32",    "--batch",      "16",          "--updates",       "20", "--warmup",
                        "100",   "--keep-going", "--quiet",     "--eval-episodes", "3",  "--out",
                        out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::string output_of(const fs::path& file, const Arguments& arguments) const {
    Program program(file, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
    EXPECT_EQ(program.err(), "");
    return program.out();
  }

  std::string error_of(const fs::path& file, const Arguments& arguments) const {
    Program program(file, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    const std::string error = program.err();
    EXPECT_EQ(error.find('\n'), error.size() - 1) << error;
    return error;
  }

  /// A library that is there and does not serve: refused where it is asked for, told elsewhere.
  void expect_told(const Arguments& parts) const {
    const std::string refused = error_of(program_, run("run", {"--device", "cuda"}));
    const std::string listed = output_of(program_, {"devices"});
    for (const std::string& part : parts) {
      expect_names(refused, part);
      expect_names(listed, part);
    }
    output_of(program_, run("run", {}));  // on the CPU
  }

  TemporaryDirectory directory_;
  const fs::path program_ = directory_ / "sac_cuda";
};

TEST_F(GpuLibraryBeside, TrainsToTheBitsOfTheProgramThatHasItCompiledIn) {
  fs::copy_file(SAC_GPU_LIBRARY, library());
  for (const Arguments& how : {Arguments{}, {"--mlp", "cublas"}, {"--precision", "bf16"}}) {
    Arguments options{"--device", "cuda"};
    options.insert(options.end(), how.begin(), how.end());
    output_of(program_, run("beside", options));
    output_of(SAC_CUDA_PROGRAM, run("compiled_in", options));
    const std::string checkpoint = file_content(directory_ / "beside/checkpoint.safetensors");
    EXPECT_TRUE(checkpoint == file_content(directory_ / "compiled_in/checkpoint.safetensors"));
    fs::remove_all(directory_ / "beside");
    fs::remove_all(directory_ / "compiled_in");
  }
}

TEST_F(GpuLibraryBeside, SaysWhatTheProgramSaysThatHasItCompiledIn) {
  fs::copy_file(SAC_GPU_LIBRARY, library());
  const fs::path elsewhere = directory_ / "link";
  fs::create_symlink(program_, elsewhere);
  EXPECT_EQ(output_of(elsewhere, {"devices"}), output_of(SAC_CUDA_PROGRAM, {"devices"}));
  for (const Arguments& refused : {Arguments{"--hidden", "48"}, {"--replay-size", "4000000000"}}) {
    Arguments options{"--device", "cuda"};
    options.insert(options.end(), refused.begin(), refused.end());
    EXPECT_EQ(error_of(program_, run("run", options)),
              error_of(SAC_CUDA_PROGRAM, run("run", options)));
  }
}

TEST_F(GpuLibraryBeside, WithoutItThereAreNoKernels) {
  expect_names(output_of(program_, {"devices"}), "build  CPU learner, no CUDA kernels");
  expect_names(error_of(program_, run("run", {"--device", "cuda"})), "--device cuda: no ");
}

TEST_F(GpuLibraryBeside, OneThatCannotBeLoadedIsTold) {
  std::ofstream(library()) << "no library";
  expect_told({"cannot be loaded: ", library().string()});
}

TEST_F(GpuLibraryBeside, OneOfAnotherVersionIsTold) {
  fs::copy_file(SAC_GPU_LIBRARY_OF_ANOTHER, library());
  expect_told({library().string() + " is of sac_cuda 0.0.0, commit 0, and this is sac_cuda "});
}

}  // namespace
}  // namespace sac::cuda
