// The script of `sac_cuda completion`, in a real bash.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "host/base/environments.h"
#include "host/devices/devices.h"
#include "host/training/presets.h"
#include "kernels/env/registry.h"
#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"

namespace sac::commands {
namespace {

using Words = std::vector<std::string>;

class Completion : public testing::Test {
 protected:
  /// What bash offers for the last of `words`, in the order of the alphabet.
  Words offered(const Words& words) {
    std::string script = "source <('" SAC_CUDA_PROGRAM "' completion); COMP_WORDS=(sac_cuda";
    for (const std::string& word : words) script += " '" + word + "'";
    script += "); COMP_CWORD=" + std::to_string(words.size()) +
              "; _sac_cuda; [[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' \"${COMPREPLY[@]}\"";
    Program bash("/bin/bash", directory_.path(), {"-c", script});
    EXPECT_EQ(bash.wait(), 0);
    EXPECT_EQ(bash.err(), "");
    Words lines;
    std::istringstream out(bash.out());
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    std::ranges::sort(lines);
    return lines;
  }

  TemporaryDirectory directory_;
};

TEST_F(Completion, OffersCommandsAndTheOptionsOfEach) {
  EXPECT_EQ(offered({"e"}), (Words{"evaluate", "export"}));
  EXPECT_EQ(offered({""}),
            (Words{"compare", "completion", "devices", "evaluate", "export", "gradcheck", "man",
                   "play", "report", "simulate", "step", "sweep", "train"}));
  EXPECT_EQ(offered({"--ver"}), Words{"--version"});
  EXPECT_EQ(offered({"--reward"}), Words{"--reward-scale"});  // those of train, which it is without
  EXPECT_EQ(offered({"train", "--eval-e"}), (Words{"--eval-episodes", "--eval-every"}));
  EXPECT_EQ(offered({"step", "--"}), (Words{"--device", "--double", "--help", "--inputs", "--mlp",
                                            "--outputs", "--precision"}));
  EXPECT_EQ(offered({"devices", "--reward"}), Words{});
}

TEST_F(Completion, OffersTheNamesThatAnOptionTakes) {
  EXPECT_EQ(offered({"--env", "Pend"}), Words{"Pendulum-v1"});
  EXPECT_EQ(offered({"--env", "=", "Pend"}),
            Words{"Pendulum-v1"});  // --env=Pend, as bash splits it
  EXPECT_EQ(offered({"train", "--preset", "="}), (Words{"article", "fast"}));
  EXPECT_EQ(offered({"train", "--seed", ""}), Words{});
  EXPECT_EQ(offered({"simulate", "--device", ""}), (Words{"auto", "cpu"}));
}

// None that the program refuses.
TEST_F(Completion, OffersOnlyNamesThatTheProgramKnows) {
  for (const std::string& id : offered({"--env", ""})) environment_index(id);
  EXPECT_EQ(offered({"--env", ""}).size(), static_cast<size_t>(env::Environments::size));
  for (const std::string& name : offered({"--preset", ""})) {
    training::preset(name, environment_info(0).id, {});
  }
  EXPECT_EQ(offered({"gradcheck", "--device", ""}), (Words{"auto", "cpu", "cuda"}));
  for (const std::string& name : offered({"--precision", ""})) {
    devices::choose_precision(devices::Device::cpu, name);
  }
  EXPECT_EQ(offered({"--precision", ""}).size(), 4u);
  for (const std::string& name : offered({"--mlp", ""})) devices::choose_mlp(name);
  EXPECT_EQ(offered({"--mlp", ""}).size(), 2u);
}

TEST_F(Completion, OffersFilesWhereAFileIsMeant) {
  put_file(directory_ / "two words.csv", "");
  std::filesystem::create_directory(directory_ / "runs");
  EXPECT_EQ(offered({"simulate", "--actions", "t"}), Words{"two words.csv"});
  EXPECT_EQ(offered({"step", "--inputs", ""}), (Words{"runs", "two words.csv"}));
  EXPECT_EQ(offered({"evaluate", "r"}), Words{"runs"});
  EXPECT_EQ(offered({"--out", ""}), Words{"runs"});
}

}  // namespace
}  // namespace sac::commands
