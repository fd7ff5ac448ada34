// How long the kernels should take on an H100 SXM: the arithmetic of kernels/README.md's cost
// model. Estimates, made without a GPU at hand; bench-gpu prints them beside what it measures, and
// a test holds them to the figures of that table.
//
// Only the H x H products are counted, and what they must read. Times in microseconds.
#pragma once

#include <algorithm>

#include "kernels/fused/roles.h"
#include "kernels/layout.h"
#include "kernels/precision.h"

namespace sac::cost {

/// A GPU as the model sees it: a number of equal SMs, each with its share of everything.
struct Gpu {
  double sms = 132;
  double fma = 60e12;       ///< FLOP/s
  double tf32 = 310e12;     ///< FLOP/s of mma.sync
  double bf16 = 600e12;     ///< FLOP/s of mma.sync
  double l2 = 5.5e12;       ///< bytes/s
  double l2_to_sm = 1e11;   ///< bytes/s that one SM can take, while others are idle
  double passes = 1.755e9;  ///< per second through one SM's shared memory: one per cycle
  double node = 2.5;        ///< microseconds from one node of a graph to the next

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

/// Rows of a block (rollout.cu, evaluate.cu); gradients has rows_per_block.
inline constexpr int kRolloutRows = 32, kEvaluationRows = 16;

/// The products reach this share of the peak at most, the update's this: it has an epilogue.
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

/// One W2 on its way through L2: fp32, or the bf16 copy.
constexpr double weight_bytes(const Sizes& z) {
  return (z.precision == Precision::bf16 ? 2.0 : 4.0) * z.shape.hidden * z.shape.hidden;
}

/// Passes through shared memory that one row of 32 costs in an H x H product: H / 32 warps take
/// H / 8 steps of 16 passes in tf32, H / 16 of 24 in bf16. Those of fp32 are half as many as cycles
/// that its multiplications take.
constexpr double row_passes(const Sizes& z) {
  if (z.precision == Precision::fp32) return 0;
  const double warps = z.shape.hidden / 32.0;
  const double steps = z.shape.hidden / (z.precision == Precision::tf32 ? 8.0 : 16.0);
  return warps * steps * (z.precision == Precision::tf32 ? 16 : 24) / 32;
}

/// Seconds of one row's product, shared evenly by all SMs.
constexpr double row_seconds(const Gpu& gpu, const Sizes& z) {
  return std::max(unit_flops(z.shape) / (kProductShare * gpu.flops(z.precision)),
                  row_passes(z) / (gpu.sms * gpu.passes));
}

/// A W2 that streams through a block is multiplied meanwhile; one that stays has to come first.
constexpr double with_loads(const Sizes& z, double products, double loads) {
  return z.precision == Precision::bf16 ? products + loads : std::max(products, loads);
}

/// What the blocks of a launch, or the longest of them, do with their rows.
struct BlockWork {
  double blocks;    ///< of the launch
  double products;  ///< rows through an H x H layer
  double loads;     ///< of W2; in bf16 it stays for a product in the other direction
  double longest;   ///< products of the longest block
  double longest_loads;
};

/// The work spread evenly over the SMs, or the longest block alone, what takes longer. A block has
/// H threads and, alone on its SM, cannot keep it busy with fewer than 256; few blocks have more of
/// L2 each.
constexpr double products_micros(const Gpu& gpu, const Sizes& z, int rows, const BlockWork& work) {
  const double product = rows * row_seconds(gpu, z);
  const double load = weight_bytes(z) / gpu.l2;
  const double even = with_loads(z, work.products * product, work.loads * load);

  const double alone = std::min(1.0, z.shape.hidden / 256.0);
  const double share = std::min(gpu.l2 / std::min(gpu.sms, work.blocks), gpu.l2_to_sm);
  const double longest = with_loads(z, work.longest * product * gpu.sms / alone,
                                    work.longest_loads * weight_bytes(z) / share);
  return 1e6 * std::max(even, longest);
}

/// Floats of all networks, and of those that are trained.
constexpr double all_parameters(const Shape& s) {
  return static_cast<double>(agent_stride(s));
}
constexpr double trained_parameters(const Shape& s) {
  return static_cast<double>(network_layout(s, Network::v_target).w1);
}

/// [B, H] arrays that gradients leaves and update reads: h1 and h2 of four networks, dz1 of three,
/// the policy's dz1 and dz2 in two versions, of which update reads one.
inline constexpr double kArraysWritten = 15, kArraysRead = 13;

constexpr double array_bytes(const Sizes& z) {
  return 4.0 * z.batch * z.shape.hidden;
}

/// Loads of W2 by each role (kernels/fused/roles.h) where it stays in shared memory: the policy's
/// comes twice, around the critic's.
inline constexpr int kResidentLoads[fused::kRoles] = {3, 3, 3, 1, 1, 1, 1};

constexpr BlockWork gradients_work(const Sizes& z) {
  const double tiles = z.agents * blocks_of(z.batch, fused::rows_per_block(z.precision));
  BlockWork work{fused::kRoles * tiles, 0, 0, 0, 0};
  for (int role = 0; role < fused::kRoles; ++role) {
    const double products = fused::kRoleUnits[role];
    const double loads = z.precision == Precision::bf16 ? kResidentLoads[role] : products;
    work.products += products * tiles;
    work.loads += loads * tiles;
    work.longest = std::max(work.longest, products);
    work.longest_loads = std::max(work.longest_loads, loads);
  }
  return work;
}

constexpr Cost gradients(const Gpu& gpu, const Sizes& z) {
  int units = 0;
  for (const int role : fused::kRoleUnits) units += role;
  const BlockWork work = gradients_work(z);
  const double record = 4.0 * record_layout(z.shape).size;
  Cost cost;
  cost.flops = z.agents * units * static_cast<double>(z.batch) * unit_flops(z.shape);
  cost.l2_bytes = work.loads * weight_bytes(z);
  cost.dram_bytes =
      z.agents * (4 * all_parameters(z.shape) + z.batch * record + kArraysWritten * array_bytes(z));
  cost.micros = products_micros(gpu, z, fused::rows_per_block(z.precision), work) + kGradientsFixed;
  return cost;
}

/// The update: four networks' W2 in tiles of 32 x 64, each reading its 96 columns of the batch, and
/// parameters and both moments read and written, in bf16 also the five copies of W2.
constexpr Cost update(const Gpu& gpu, const Sizes& z) {
  const int in = std::min(64, z.shape.hidden);
  const double tiles = 4.0 * (z.shape.hidden / 32) * (z.shape.hidden / in);
  const double copies = z.precision == Precision::bf16 ? kNetworks * weight_bytes(z) : 0;
  const double moved = 6 * 4 * trained_parameters(z.shape) + copies;
  Cost cost;
  cost.flops = z.agents * 4.0 * z.batch * unit_flops(z.shape);
  cost.l2_bytes = z.agents * (tiles * (32 + in) * 4 * z.batch + moved);
  cost.dram_bytes = z.agents * (kArraysRead * array_bytes(z) + moved);
  cost.micros =
      1e6 * std::max(cost.flops / (kUpdateShare * gpu.flops(z.precision)), cost.l2_bytes / gpu.l2) +
      kUpdateFixed;
  return cost;
}

/// Both halves, with their two graph nodes.
constexpr Cost gradient_step(const Gpu& gpu, const Sizes& z) {
  const Cost first = gradients(gpu, z), second = update(gpu, z);
  return {first.flops + second.flops, first.l2_bytes + second.l2_bytes,
          first.dram_bytes + second.dram_bytes, first.micros + second.micros + 2 * gpu.node};
}

/// Every block runs the policy's layer once.
constexpr BlockWork policy_work(double blocks) {
  return {blocks, blocks, blocks, 1, 1};
}

/// One vector step of all environments.
constexpr Cost rollout(const Gpu& gpu, const Sizes& z) {
  const BlockWork work = policy_work(z.agents * blocks_of(z.envs, kRolloutRows));
  const double record = 4.0 * record_layout(z.shape).size;
  const double state = 2 * (4 * 4 + 4 + 8);  // four scalars and two counters, read and written
  Cost cost;
  cost.flops = z.agents * z.envs * unit_flops(z.shape);
  cost.l2_bytes = work.loads * weight_bytes(z);
  cost.dram_bytes = z.agents * (4 * static_cast<double>(network_layout(z.shape, Network::pi).end) +
                                z.envs * (record + state));
  cost.micros = products_micros(gpu, z, kRolloutRows, work) + kRolloutFixed;
  return cost;
}

/// `episodes` whole episodes of `steps` steps each, in fp32: a block plays its rows to the end, one
/// step after another, each with the rollout's fixed time.
constexpr Cost evaluation(const Gpu& gpu, const Sizes& z, int episodes, int steps) {
  const BlockWork work = policy_work(z.agents * blocks_of(episodes, kEvaluationRows));
  Cost cost;
  cost.flops = static_cast<double>(steps) * z.agents * episodes * unit_flops(z.shape);
  cost.l2_bytes = steps * work.loads * weight_bytes(z);
  cost.dram_bytes = z.agents * 4 * static_cast<double>(network_layout(z.shape, Network::pi).end);
  cost.micros = steps * (products_micros(gpu, z, kEvaluationRows, work) + kRolloutFixed);
  return cost;
}

}  // namespace sac::cost
