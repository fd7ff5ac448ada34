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
  double fma = 60e12;      ///< FLOP/s
  double tf32 = 310e12;    ///< FLOP/s of mma.sync
  double bf16 = 600e12;    ///< FLOP/s of mma.sync
  double l2 = 5.5e12;      ///< bytes/s
  double l2_to_sm = 1e11;  ///< bytes/s that one SM can take, while others are idle
  double clock = 1.755e9;  ///< cycles/s; an SM issues four warp instructions and serves one pass
                           ///< through shared memory in each
  double latency = 270;    ///< cycles from a request to L2 to its answer
  double node = 1.3;       ///< microseconds from one node of a graph to the next

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
inline constexpr double kGradientsFixed = 3.5, kUpdateFixed = 2.5, kRolloutFixed = 2;

/// Values of the summation index that a block multiplies at a time, and such slices of W2 on their
/// way to it: rings are 10 to 12 slots deep, three where blocks share an SM.
inline constexpr double kSlice = 16, kDeepInFlight = 9, kShallowInFlight = 2;

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

/// Whether W2 stays in a block; else it streams, and is multiplied as it comes.
constexpr bool stays(const Sizes& z) {
  return z.precision == Precision::bf16;
}

/// Instructions of one warp for a slice, counted in the machine code of sm_90 at 256 hidden units
/// (tests/gpu/compiled_loops.cpp): the mean of forward and backward.
constexpr double slice_instructions(const Sizes& z, int rows) {
  const bool narrow = rows == 16;
  if (z.precision == Precision::fp32) return narrow ? 334 : 644;
  if (z.precision == Precision::tf32) return narrow ? 60 : 79;
  return narrow ? 14 : 18;
}

/// Passes through shared memory of one warp for a slice. In fp32 a lane reads its rows and its four
/// columns, two passes each, four times; on tensor cores 16 rows are four passes and the warp's 32
/// columns eight, in tf32 twice.
constexpr double slice_passes(const Sizes& z, int rows) {
  if (z.precision == Precision::fp32) return 4 * 2 * (rows / 4.0 + 4);
  return (z.precision == Precision::tf32 ? 2 : 1) * (rows / 4.0 + 8);
}

/// Bytes of one slice of W2, and the passes in which a copy of them arrives.
constexpr double slice_bytes(const Sizes& z) {
  return weight_bytes(z) * kSlice / z.shape.hidden;
}
inline constexpr double kBytesPerPass = 128;

/// Cycles of a slice on an SM that has enough to do: what its pipelines take.
constexpr double slice_cycles(const Gpu& gpu, const Sizes& z, int rows) {
  const double warps = z.shape.hidden / 32.0;
  const double issue = warps * slice_instructions(z, rows) / 4;
  const double arithmetic = rows * unit_flops(z.shape) * kSlice / z.shape.hidden /
                            (kProductShare * gpu.flops(z.precision) / gpu.sms / gpu.clock);
  const double arriving = stays(z) ? 0 : slice_bytes(z) / kBytesPerPass;
  return std::max({issue, arithmetic, warps * slice_passes(z, rows) + arriving});
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
/// L2 each. A slice takes what its pipelines take, or its way from L2, or its share of the latency
/// of those that are under way together.
constexpr double products_micros(const Gpu& gpu, const Sizes& z, int rows, const BlockWork& work) {
  const double slices = z.shape.hidden / kSlice;
  const double busy = slice_cycles(gpu, z, rows) / gpu.clock;
  const double product = slices * busy / gpu.sms, load = weight_bytes(z) / gpu.l2;
  const double even = stays(z) ? work.products * product + work.loads * load
                               : std::max(work.products * product, work.loads * load);

  const double alone = std::min(1.0, z.shape.hidden / 256.0);
  const double share = std::min(gpu.l2 / std::min(gpu.sms, work.blocks), gpu.l2_to_sm);
  const double latency = gpu.latency / gpu.clock;
  const double way = slice_bytes(z) / share;
  double longest = 0;
  if (stays(z)) {
    longest = work.longest * slices * busy / alone + work.longest_loads * (latency + slices * way);
  } else {
    const double in_flight = work.blocks <= gpu.sms ? kDeepInFlight : kShallowInFlight;
    longest = work.longest * slices * std::max({busy / alone, way, (latency + way) / in_flight});
  }
  return 1e6 * std::max(even, longest);
}

/// Floats of all networks, and of those that are trained.
constexpr double all_parameters(const Shape& s) {
  return static_cast<double>(agent_stride(s));
}
constexpr double trained_parameters(const Shape& s) {
  return static_cast<double>(
      network_layout(s, static_cast<Network>(trained_networks(s.algorithm))).w1);
}

/// [B, H] arrays that gradients leaves and update reads: h1 and h2 of the trained networks, dz1 of
/// all but the policy, the policy's dz1 and dz2 in two versions, of which update reads one.
constexpr double arrays_written(Algorithm a) {
  return 2 * trained_networks(a) + (trained_networks(a) - 1) + 4;
}
constexpr double arrays_read(Algorithm a) {
  return arrays_written(a) - 2;
}

constexpr double array_bytes(const Sizes& z) {
  return 4.0 * z.batch * z.shape.hidden;
}

/// Loads of W2 by a role where it stays in shared memory: once for each network, and the policy's
/// again after the critic's.
constexpr double resident_loads(fused::Role role) {
  return fused::forward_passes(role) + (fused::samples(role) && fused::goes_back(role) ? 1 : 0);
}

constexpr int gradients_rows(const Sizes& z) {
  return fused::rows_per_block(z.shape.algorithm, z.precision, z.batch, z.agents);
}

constexpr BlockWork gradients_work(const Sizes& z, int rows) {
  const double tiles = z.agents * blocks_of(z.batch, rows);
  const int roles = fused::roles(z.shape.algorithm);
  BlockWork work{roles * tiles, 0, 0, 0, 0};
  for (int r = 0; r < roles; ++r) {
    const fused::Role role = static_cast<fused::Role>(r);
    const double products = fused::products(role);
    const double loads = stays(z) ? resident_loads(role) : products;
    work.products += products * tiles;
    work.loads += loads * tiles;
    work.longest = std::max(work.longest, products);
    work.longest_loads = std::max(work.longest_loads, loads);
  }
  return work;
}

/// The gradients kernel with so many rows a block, without what is fixed: why rows_per_block is
/// what it is.
constexpr double gradients_products_micros(const Gpu& gpu, const Sizes& z, int rows) {
  return products_micros(gpu, z, rows, gradients_work(z, rows));
}

constexpr Cost gradients(const Gpu& gpu, const Sizes& z) {
  int units = 0;
  for (int r = 0; r < fused::roles(z.shape.algorithm); ++r) {
    units += fused::products(static_cast<fused::Role>(r));
  }
  const BlockWork work = gradients_work(z, gradients_rows(z));
  const double record = 4.0 * record_layout(z.shape).size;
  Cost cost;
  cost.flops = z.agents * units * static_cast<double>(z.batch) * unit_flops(z.shape);
  cost.l2_bytes = work.loads * weight_bytes(z);
  cost.dram_bytes = z.agents * (4 * all_parameters(z.shape) + z.batch * record +
                                arrays_written(z.shape.algorithm) * array_bytes(z));
  cost.micros = gradients_products_micros(gpu, z, gradients_rows(z)) + kGradientsFixed;
  return cost;
}

/// The update: the trained networks' W2 in tiles of 32 x 64, each reading its 96 columns of the
/// batch, and parameters and both moments read and written, on tensor cores also the five copies of
/// W2.
constexpr Cost update(const Gpu& gpu, const Sizes& z) {
  const int in = std::min(64, z.shape.hidden);
  const double networks = trained_networks(z.shape.algorithm);
  const double tiles = networks * (z.shape.hidden / 32) * (z.shape.hidden / in);
  const double copies = z.precision == Precision::fp32 ? 0 : kNetworks * weight_bytes(z);
  const double moved = 6 * 4 * trained_parameters(z.shape) + copies;
  Cost cost;
  cost.flops = z.agents * networks * z.batch * unit_flops(z.shape);
  cost.l2_bytes = z.agents * (tiles * (32 + in) * 4 * z.batch + moved);
  cost.dram_bytes = z.agents * (arrays_read(z.shape.algorithm) * array_bytes(z) + moved);
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

/// Slices of W2 that stay in an evaluation's ring (mlp/weight_ring.cuh), and its slots.
inline constexpr double kEvaluationStaying = 9, kEvaluationSlots = 12;

/// `episodes` whole episodes of `steps` steps each, in fp32: a block plays its rows to the end, one
/// step after another, each with the rollout's fixed time.
constexpr Cost evaluation(const Gpu& gpu, Sizes z, int episodes, int steps) {
  z.precision = Precision::fp32;
  const BlockWork work = policy_work(z.agents * blocks_of(episodes, kEvaluationRows));
  const double slices = z.shape.hidden / kSlice;
  const double coming = slices <= kEvaluationSlots ? 0 : (slices - kEvaluationStaying) / slices;
  Cost cost;
  cost.flops = static_cast<double>(steps) * z.agents * episodes * unit_flops(z.shape);
  cost.l2_bytes = (1 + (steps - 1) * coming) * work.loads * weight_bytes(z);
  cost.dram_bytes = z.agents * 4 * static_cast<double>(network_layout(z.shape, Network::pi).end);
  cost.micros = steps * (products_micros(gpu, z, kEvaluationRows, work) + kRolloutFixed);
  return cost;
}

}  // namespace sac::cost
