// The cost model in code is the one that kernels/README.md shows: its table, figure by figure.
#include "bench/gpu/cost_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace sac::cost {
namespace {

using Cells = std::vector<std::string>;

/// The rows of the table, by their first cell.
std::map<std::string, Cells> rows_of_the_readme() {
  std::map<std::string, Cells> rows;
  std::ifstream readme(SAC_SOURCE "/kernels/README.md");
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("| ")) continue;
    Cells cells;
    size_t begin = 2;
    for (size_t end; (end = line.find(" |", begin)) != std::string::npos; begin = end + 3) {
      cells.push_back(line.substr(begin, end - begin));
    }
    rows[cells.front()] = cells;
  }
  return rows;
}

/// A number as printed, times its prefix.
struct Figure {
  double value = NAN;
  double last_digit = NAN;  ///< what one more in the last digit that is not zero would be
};

/// The last number of the cell that has this unit: "18 × 256 units = 0.60 G" has 0.6e9 of "".
Figure figure(const std::string& cell, const std::string& unit) {
  static const std::map<std::string, double> kPrefixes = {
      {"", 1}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}};
  const std::regex number("([0-9.]+) ([KMG]?)" + unit + "(?![A-Za-zµ])");
  Figure result;
  for (std::sregex_iterator i(cell.begin(), cell.end(), number), end; i != end; ++i) {
    const std::string digits = (*i)[1];
    const double prefix = kPrefixes.at((*i)[2]);
    const size_t point = digits.find('.');
    const size_t last = digits.find_last_not_of(".0");
    const double exponent = point == std::string::npos
                                ? static_cast<double>(digits.size() - 1 - last)
                                : static_cast<double>(point) - static_cast<double>(last);
    result = {std::stod(digits) * prefix, std::pow(10, exponent) * prefix};
  }
  return result;
}

/// Printed figures are the model's, rounded; one that lies between two may be either.
void expect_is(const Figure& printed, double model, const std::string& what) {
  EXPECT_LE(std::abs(printed.value - model), 0.6 * printed.last_digit)
      << what << ": printed " << printed.value << ", the model says " << model;
}

void expect_row(const std::string& name, const Cost& cost) {
  const std::map<std::string, Cells> rows = rows_of_the_readme();
  ASSERT_TRUE(rows.contains(name)) << name;
  const Cells& cells = rows.at(name);
  ASSERT_EQ(cells.size(), 5u) << name;
  expect_is(figure(cells[1], ""), cost.flops, name + ", FLOP");
  expect_is(figure(cells[2], "B"), cost.l2_bytes, name + ", bytes");
  const std::string time = cells[4].substr(0, cells[4].find("µs") + 3);  // what follows explains it
  expect_is(figure(time, "µs"), cost.micros, name + ", microseconds");
}

Sizes sizes(int batch, double envs) {
  return {.shape = {.obs = 5, .act = 1, .hidden = 256}, .batch = batch, .envs = envs};
}

TEST(CostModel, IsTheTableOfTheReadme) {
  for (const int batch : {256, 1024, 8192}) {
    expect_row("gradients, batch " + std::to_string(batch), gradients(kH100Sxm, sizes(batch, 0)));
  }
  for (const int batch : {256, 8192}) {
    expect_row("update, batch " + std::to_string(batch), update(kH100Sxm, sizes(batch, 0)));
  }
  expect_row("gradient step, batch 256", gradient_step(kH100Sxm, sizes(256, 0)));
  for (const int envs : {4096, 65536}) {
    expect_row("rollout, " + std::to_string(envs) + " environments",
               rollout(kH100Sxm, sizes(0, envs)));
  }
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    const std::string with = std::string(", ") + precision_name(precision);
    Sizes step = sizes(256, 0), vector_step = sizes(0, 4096);
    step.precision = vector_step.precision = precision;
    expect_row("gradients, batch 256" + with, gradients(kH100Sxm, step));
    expect_row("gradient step, batch 256" + with, gradient_step(kH100Sxm, step));
    expect_row("rollout, 4096 environments" + with, rollout(kH100Sxm, vector_step));
    step.batch = 128;
    expect_row("gradient step, batch 128" + with, gradient_step(kH100Sxm, step));
  }
}

// kernels/fused/roles.h takes the rows per block that the model says are faster.
TEST(CostModel, ChoosesTheRowsOfABlock) {
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    for (const int batch : {16, 64, 128, 256, 1024, 8192}) {
      Sizes z = sizes(batch, 0);
      z.precision = precision;
      const double narrow = gradients_products_micros(kH100Sxm, z, 16);
      const double wide = gradients_products_micros(kH100Sxm, z, 32);
      std::printf("  %s, batch %4d: %6.1f us with 16 rows a block, %6.1f us with 32\n",
                  precision_name(precision), batch, narrow, wide);
      EXPECT_EQ(gradients_rows(z), narrow < wide ? 16 : 32) << batch;
    }
  }
}

// A slice that streams takes its latency's share when few are under way, by hand: 16 KB at 57 bytes
// per cycle are 287 cycles, and 270 more until they come; a product of 16 slices.
TEST(CostModel, HidesLatencyByDepth) {
  Sizes z = sizes(16, 0);
  z.precision = Precision::tf32;
  const Gpu slow{.latency = 1e5};
  const BlockWork one{1, 1, 1, 1, 1};
  const double slice = (1e5 / slow.clock + 16384 / slow.l2_to_sm) / kDeepInFlight;
  EXPECT_NEAR(products_micros(slow, z, 16, one), 16 * 1e6 * slice, 1e-9);
}

// The README's formulas, by hand, where the table has no figure: half the width is a quarter of the
// products and of their bytes, and no agent is free.
TEST(CostModel, ScalesAsTheWorkDoes) {
  Sizes narrow = sizes(1024, 0), wide = narrow, many = narrow;
  narrow.shape.hidden = 128;
  many.agents = 8;
  const Cost n = gradients(kH100Sxm, narrow), w = gradients(kH100Sxm, wide),
             m = gradients(kH100Sxm, many);
  EXPECT_DOUBLE_EQ(w.flops, 4 * n.flops);
  EXPECT_DOUBLE_EQ(w.l2_bytes, 4 * n.l2_bytes);
  EXPECT_DOUBLE_EQ(m.flops, 8 * w.flops);
  EXPECT_DOUBLE_EQ(m.dram_bytes, 8 * w.dram_bytes);
  EXPECT_NEAR(m.micros - kGradientsFixed, 8 * (w.micros - kGradientsFixed), 1e-9);
}

}  // namespace
}  // namespace sac::cost
