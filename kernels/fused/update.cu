// The second half of a gradient step: weight gradients over the whole batch, Adam and the soft
// update in the epilogue. No gradient is written to memory unless kStoreGradients. See
// kernels/README.md for the design.
//
// Blocks per network: W2 in tiles (mlp/weight_gradient.cuh), then everything else in strips of
// hidden units (thin_gradients.cuh). Every parameter has one owner; a block reads of the
// parameters only what it owns, so none waits for another.
#include <cuda_runtime.h>

#include "kernels/fused/instances.h"
#include "kernels/fused/thin_gradients.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/occupancy.h"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/products.cuh"
#include "kernels/mlp/weight_gradient.cuh"
#include "kernels/sac/adam.cuh"
#include "kernels/sac/w2_copy.cuh"

namespace sac::fused {

template <class WeightGradientType, int H, Precision P, bool kStore>
struct UpdateTraits {
  using WeightGradient = WeightGradientType;
  static constexpr int kHidden = H;
  static constexpr bool kStoreGradients = kStore;
  static constexpr Precision kPrecision = P;
  static constexpr int kThreads = WeightGradient::kThreads;
  static_assert(kThreads == ThinGradients::kThreads, "both kinds of block share the launch");
  static constexpr int kTiles = kTrainedNetworks * WeightGradient::kTiles;
  static constexpr int kStrips = kTrainedNetworks * (H / ThinGradients::kStrip);
  static constexpr int kBlocks = kTiles + kStrips;

  union Shared {
    typename WeightGradient::Shared tile;
    ThinGradients::Shared thin;
  };
  static constexpr int kBlocksPerSm = blocks_per_sm(kThreads, sizeof(Shared));
};

/// A tile of one network's W2.
template <class Traits>
__device__ void update_tile(const DeviceState& d, const W2Copies& copies, const Scratch& all,
                            int agent, Network network, int tile,
                            typename Traits::WeightGradient::Shared& s) {
  using Product = typename Traits::WeightGradient;
  constexpr int kHidden = Traits::kHidden;
  constexpr int kTilesIn = kHidden / Product::kTileIn;
  const int first_out = tile / kTilesIn * Product::kTileOut;
  const int first_in = tile % kTilesIn * Product::kTileIn;
  const NetworkScratch scratch(all, agent, network);
  const RowLosses rows(all.at(agent, all.layout.row_values), d.batch, d.control[agent]);
  const bool policy = network == Network::pi;

  // dz2[b, j] of a scalar network is gradient[b] * w3[j] where the ReLU is open. w3[j] comes last
  // and the gradient goes to h1: what is left of dz2 is 0 or 1, exact in every precision.
  const auto out = [&](int b, int j) {
    const size_t at = static_cast<size_t>(b) * kHidden + first_out + j;
    if (policy) return load<4>(&scratch.version(rows.policy_q(b)).dz2[at]);
    Vector4 word = load<4>(&scratch.h2[at]);
#pragma unroll
    for (float& x : word.v) x = x > 0 ? 1.0f : 0.0f;
    return word;
  };
  const auto in = [&](int b, int i) {
    Vector4 word = load<4>(&scratch.h1[static_cast<size_t>(b) * kHidden + first_in + i]);
    const float factor = policy ? 1.0f : rows.output_gradient(network, b);
#pragma unroll
    for (float& x : word.v) x *= factor;
    return word;
  };
  Product::sum(s, d.batch, out, in);

  const size_t w2 = d.networks[static_cast<int>(network)].w2;
  const ElementUpdate<Traits::kStoreGradients> update(d, agent, network);
  for (int i = 4 * thread_index(); i < Product::kElements; i += 4 * Traits::kThreads) {
    const int row = i / Product::kTileIn, column = i % Product::kTileIn;
    const float scale = policy ? 1.0f : scratch.old_w3[first_out + row];
    float gradient[4] = {};
    for (int split = 0; split < Product::kSplits; ++split) {
      const Vector4 part = load<4>(&s.partial[split][row][column]);
#pragma unroll
      for (int x = 0; x < 4; ++x) gradient[x] += part.v[x];
    }
#pragma unroll
    for (float& g : gradient) g *= scale;
    const size_t at = static_cast<size_t>(first_out + row) * kHidden + first_in + column;
    const auto updated = update.template apply<4>(w2 + at, gradient);
    const auto copy = [&](Network n, const Vector4& w) {
      copy_w2(d, copies, Traits::kPrecision, agent, n, at, w);
    };
    copy(network, updated.parameters);
    if (network == Network::v) copy(Network::v_target, updated.target);
  }
}

/// The thin tensors of a strip of one network's hidden units; strip 0 also owns b3 and the loss.
template <class Traits>
__device__ void update_strip(const DeviceState& d, const Scratch& scratch, int agent,
                             Network network, int strip, ThinGradients::Shared& s) {
  using Thin = ThinGradients;
  constexpr size_t kHidden = Traits::kHidden;
  ThinGradientsBlock<Traits::kHidden>(d, scratch, agent, network, strip, s).sum();

  const NetworkLayout& l = d.networks[static_cast<int>(network)];
  const ElementUpdate<Traits::kStoreGradients> update(d, agent, network);
  const size_t unit = strip * Thin::kStrip + lane_index();
  const auto sum = [&s](int n) {
    float total = 0;
    for (int w = 0; w < Thin::kWarps; ++w) total += s.partial[w][n][lane_index()];
    return total;
  };
  // The warps take the sums in turn; a lane has a unit's.
  int turn = 0;
  const auto my_turn = [&turn] { return turn++ % Thin::kWarps == warp_index(); };
  // Elements offset, offset + stride, ... have the sums first, first + 1, ...
  const auto update_each = [&](int first, int count, size_t offset, size_t stride) {
    for (int i = 0; i < count; ++i, offset += stride) {
      if (!my_turn()) continue;
      const float gradient[1] = {sum(first + i)};
      update.template apply<1>(offset, gradient);
    }
  };
  update_each(Thin::kW1, l.in, l.w1 + unit * l.in, 1);
  update_each(Thin::kB1, 1, l.b1 + unit, 1);
  update_each(Thin::kB2, 1, l.b2 + unit, 1);
  update_each(Thin::kW3, l.out, l.w3 + unit, kHidden);
  if (strip > 0 || lane_index() > 0) return;
  update_each(Thin::kB3, l.out, l.b3, 1);
  if (!my_turn()) return;
  d.control[agent].losses[static_cast<int>(network)] = sum(Thin::kLoss) / d.batch;
}

/// Grid: x = Traits::kBlocks, the tiles of all networks first, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    update_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ W2Copies copies,
                  const __grid_constant__ Scratch scratch) {
  auto& shared = shared_storage<typename Traits::Shared>();
  const int agent = blockIdx.y;
  AgentControl& control = d.control[agent];
  if (control.next.active == 0) return;
  const int block = blockIdx.x;
  if (block < Traits::kTiles) {
    constexpr int kTiles = Traits::WeightGradient::kTiles;
    update_tile<Traits>(d, copies, scratch, agent, static_cast<Network>(block / kTiles),
                        block % kTiles, shared.tile);
    return;
  }
  constexpr int kStrips = Traits::kStrips / kTrainedNetworks;
  const int strip = block - Traits::kTiles;
  if (strip == 0 && threadIdx.x == 0) control.now = control.next;
  update_strip<Traits>(d, scratch, agent, static_cast<Network>(strip / kStrips), strip % kStrips,
                       shared.thin);
}

namespace {

template <int H, Precision P, bool kStoreGradients>
using UpdateKernel =
    UpdateTraits<mlp::WeightGradient<H, typename mlp::Products<P>::Outer>, H, P, kStoreGradients>;

template <int H, Precision P, bool kStoreGradients>
void launch_with(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                 cudaStream_t stream) {
  using Traits = UpdateKernel<H, P, kStoreGradients>;
  launch<typename Traits::Shared>("update", update_kernel<Traits>,
                                  dim3(Traits::kBlocks, static_cast<unsigned>(d.agents)),
                                  Traits::kThreads, stream, d, copies, scratch);
}

}  // namespace

template <int H, Precision P>
void Fused<H, P>::update(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                         cudaStream_t stream) {
  d.gradients == nullptr ? launch_with<H, P, false>(d, copies, scratch, stream)
                         : launch_with<H, P, true>(d, copies, scratch, stream);
}

template <int H, Precision P>
KernelBudget Fused<H, P>::update_budget() {
  return budget<UpdateKernel<H, P, false>>("update.cu", H, P);
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::update(const DeviceState&, const W2Copies&,
                                                       const Scratch&, cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN, SAC_PRECISION>::update_budget();

}  // namespace sac::fused
