#include "host/training/retried_writes.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sac::training {
namespace {

using Lines = std::vector<std::string>;

class RetriedWritesTest : public testing::Test {
 protected:
  // A write that fails while there is a fault, and otherwise leaves its content behind.
  std::function<void()> write(const std::string& content) {
    return [this, content] {
      if (!fault.empty()) throw std::runtime_error(fault);
      written = content;
    };
  }

  std::string fault, written;
  RetriedWrites writes;
};

TEST_F(RetriedWritesTest, WritesAtOnce) {
  writes.write("a", write("1"));
  EXPECT_EQ(written, "1");
  EXPECT_EQ(writes.failure(), std::nullopt);
  EXPECT_EQ(writes.news(), Lines{});
}

TEST_F(RetriedWritesTest, TriesAgainUntilItSucceeds) {
  fault = "a: no space";
  writes.write("a", write("1"));
  writes.retry();
  EXPECT_EQ(writes.failure(), "a: no space");
  fault = "";
  writes.retry();
  EXPECT_EQ(written, "1");
  EXPECT_EQ(writes.failure(), std::nullopt);
}

TEST_F(RetriedWritesTest, ANewerWriteTakesTheFailedOnesPlace) {
  fault = "a: no space";
  writes.write("a", write("1"));
  writes.write("a", write("2"));
  fault = "";
  writes.retry();
  EXPECT_EQ(written, "2");
}

TEST_F(RetriedWritesTest, TellsEachReasonOnce) {
  fault = "a: no space";
  writes.write("a", write("1"));
  EXPECT_EQ(writes.news(), Lines{"a: no space"});
  writes.write("a", write("2"));
  EXPECT_EQ(writes.news(), Lines{});
  fault = "a: read-only";
  writes.retry();
  EXPECT_EQ(writes.news(), Lines{"a: read-only"});
  fault = "";
  writes.retry();
  EXPECT_EQ(writes.news(), Lines{});
}

}  // namespace
}  // namespace sac::training
