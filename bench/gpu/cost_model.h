// How long the kernels should take on an H100 SXM: the arithmetic of kernels/README.md's cost
// model. Estimates, made without a GPU at hand; bench-gpu prints them beside what it measures, and
// a test holds them to the figures of that table.
//
// Only the H x H products are counted, and what they must read. Times in microseconds.
#pragma once

#include <algorithm>

#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/roles.h"

namespace sac::cost {

/// A GPU as the model sees it: a number of equal SMs, each with its share of everything.
struct Gpu {
  double sms = 132;
  double fma = 60e12;    ///< FLOP/s
  double tf32 = 310e12;  ///< FLOP/s of mma.sync
  double bf16 = 600e12;  ///< FLOP/s of mma.sync
  double l2 = 5.5e12;    ///< bytes/s
  double node = 2.5;     ///< microseconds from one node of a graph to the next

  constexpr double flops(Precision precision) const {
    return precision == Precision::fp32 ? fma : precision == Precision::tf32 ? tf32 : bf16;
  }
};
inline constexpr Gpu kH100Sxm{};

/// What a launch is made for. `envs` matters to the rollout, `batch` to the others.
struct Sizes {
  Shape shape;
  int batch = 0;
  double envs = 0;  ///< per agent
  int agents = 1;
  Precision precision = Precision::fp32;
};

/// What a kernel does and moves, and how long that should take.
struct Cost {
  double flops = 0;       ///< of the H x H products
  double l2_bytes = 0;    ///< through L2
  double dram_bytes = 0;  ///< what has to be read or written once, if L2 holds nothing of it
  double micros = 0;      ///< predicted, without the graph node
};

/// Rows of a block of wave 1 (and of evaluation), and of the rollout.
inline constexpr int kGradientRows = 16, kRolloutRows = 32;

/// The products reach this share of the peak, wave 2's this: it has an epilogue.
inline constexpr double kProductShare = 0.75, kUpdateShare = 0.70;

/// Gather, first layers, heads, sampling and latency, once per launch.
inline constexpr double kGradientsFixed = 4, kUpdateFixed = 3.5, kRolloutFixed = 2;

constexpr double blocks_of(double rows, int rows_per_block) {
  const double full = static_cast<double>(static_cast<long long>(rows / rows_per_block));
  return full * rows_per_block < rows ? full + 1 : full;
}

/// One row through one H x H layer.
constexpr double unit_flops(const Shape& s) {
  return 2.0 * s.hidden * s.hidden;
}

/// A block's rows through one H x H layer on an SM, W2 coming through L2: the longer of the two.
/// `busy` is the share of the SM's threads that work on it: 256 are enough.
constexpr double product_micros(const Gpu& gpu, const Sizes& z, int rows, double busy) {
  const double weights = 4.0 * z.shape.hidden * z.shape.hidden;
  const double stream = weights / (gpu.l2 / gpu.sms);
  const double rate = kProductShare * gpu.flops(z.precision) / gpu.sms;
  return 1e6 * std::max(stream, rows * unit_flops(z.shape) / (rate * busy));
}

/// So many products of blocks, spread evenly over the SMs, the longest block having `longest` of
/// them in a row. A block has H threads and, alone on its SM, cannot keep it busy with fewer than
/// 256.
constexpr double products_micros(const Gpu& gpu, const Sizes& z, int rows, double products,
                                 double longest) {
  const double alone = std::min(1.0, z.shape.hidden / 256.0);
  return std::max(products / gpu.sms * product_micros(gpu, z, rows, 1),
                  longest * product_micros(gpu, z, rows, alone));
}

/// Floats of all networks, and of those that are trained.
constexpr double all_parameters(const Shape& s) {
  return static_cast<double>(agent_stride(s));
}
constexpr double trained_parameters(const Shape& s) {
  return static_cast<double>(network_layout(s, Network::v_target).w1);
}

/// [B, H] arrays that wave 1 leaves and wave 2 reads: h1 and h2 of four networks, dz1 of three, the
/// policy's dz1 and dz2 in two versions, of which wave 2 reads one.
inline constexpr double kArraysWritten = 15, kArraysRead = 13;

constexpr double array_bytes(const Sizes& z) {
  return 4.0 * z.batch * z.shape.hidden;
}

constexpr Cost gradients(const Gpu& gpu, const Sizes& z) {
  int units = 0;
  for (const int role : kRoleUnits) units += role;
  const double products = z.agents * units * blocks_of(z.batch, kGradientRows);
  const double record = 4.0 * record_layout(z.shape).size;
  Cost cost;
  cost.flops = z.agents * units * static_cast<double>(z.batch) * unit_flops(z.shape);
  cost.l2_bytes = products * 4 * z.shape.hidden * z.shape.hidden;
  cost.dram_bytes =
      z.agents * (4 * all_parameters(z.shape) + z.batch * record + kArraysWritten * array_bytes(z));
  cost.micros =
      products_micros(gpu, z, kGradientRows, products, *std::ranges::max_element(kRoleUnits)) +
      kGradientsFixed;
  return cost;
}

/// Wave 2: four networks' W2 in tiles of 32 x 64, each reading its 96 columns of the batch, and
/// parameters and both moments read and written.
constexpr Cost update(const Gpu& gpu, const Sizes& z) {
  const int in = std::min(64, z.shape.hidden);
  const double tiles = 4.0 * (z.shape.hidden / 32) * (z.shape.hidden / in);
  const double moved = 6 * 4 * trained_parameters(z.shape);
  Cost cost;
  cost.flops = z.agents * 4.0 * z.batch * unit_flops(z.shape);
  cost.l2_bytes = z.agents * (tiles * (32 + in) * 4 * z.batch + moved);
  cost.dram_bytes = z.agents * (kArraysRead * array_bytes(z) + moved);
  cost.micros =
      1e6 * std::max(cost.flops / (kUpdateShare * gpu.flops(z.precision)), cost.l2_bytes / gpu.l2) +
      kUpdateFixed;
  return cost;
}

/// Both waves, with their two graph nodes.
constexpr Cost gradient_step(const Gpu& gpu, const Sizes& z) {
  const Cost first = gradients(gpu, z), second = update(gpu, z);
  return {first.flops + second.flops, first.l2_bytes + second.l2_bytes,
          first.dram_bytes + second.dram_bytes, first.micros + second.micros + 2 * gpu.node};
}

/// One vector step of all environments.
constexpr Cost rollout(const Gpu& gpu, const Sizes& z) {
  const double blocks = z.agents * blocks_of(z.envs, kRolloutRows);
  const double h = z.shape.hidden;
  const double record = 4.0 * record_layout(z.shape).size;
  const double state = 2 * (4 * 4 + 4 + 8);  // four scalars and two counters, read and written
  Cost cost;
  cost.flops = z.agents * z.envs * unit_flops(z.shape);
  cost.l2_bytes = blocks * 4 * h * h;
  cost.dram_bytes = z.agents * (4 * static_cast<double>(network_layout(z.shape, Network::pi).end) +
                                z.envs * (record + state));
  cost.micros = products_micros(gpu, z, kRolloutRows, blocks, 1) + kRolloutFixed;
  return cost;
}

/// `episodes` whole episodes of `steps` steps each: a block plays its rows to the end, one step
/// after another, each with rollout's fixed time.
constexpr Cost evaluation(const Gpu& gpu, const Sizes& z, int episodes, int steps) {
  const double blocks = z.agents * blocks_of(episodes, kGradientRows);
  const double h = z.shape.hidden;
  Cost cost;
  cost.flops = static_cast<double>(steps) * z.agents * episodes * unit_flops(z.shape);
  cost.l2_bytes = steps * blocks * 4 * h * h;
  cost.dram_bytes = z.agents * 4 * static_cast<double>(network_layout(z.shape, Network::pi).end);
  cost.micros = steps * (products_micros(gpu, z, kGradientRows, blocks, 1) + kRolloutFixed);
  return cost;
}

}  // namespace sac::cost
