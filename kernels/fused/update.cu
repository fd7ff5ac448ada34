// The second half of a gradient step: weight gradients over the whole batch, Adam and the soft
// update in the epilogue. No gradient is written to memory unless kStoreGradients. See README.md
// for the design.
//
// Blocks per network: W2 in tiles (mlp/weight_gradient.cuh), then everything else in strips of
// hidden units (small_gradients.cuh). Every parameter has one owner; a block reads of the
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
#include "kernels/sac/bf16_copy.cuh"

namespace sac::fused {

template <class WeightGradientType, int H, bool kStore, bool kCopy>
struct UpdateTraits {
  using WeightGradient = WeightGradientType;
  static constexpr int kHidden = H;
  static constexpr bool kStoreGradients = kStore;
  static constexpr bool kCopiesW2 = kCopy;  ///< keeps the copies in bf16
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
__device__ void update_tile(const DeviceState& d, int agent, Network network, int tile,
                            typename Traits::WeightGradient::Shared& s) {
  using Product = typename Traits::WeightGradient;
  constexpr int kHidden = Traits::kHidden;
  constexpr int kTilesIn = kHidden / Product::kTileIn;
  const int first_out = tile / kTilesIn * Product::kTileOut;
  const int first_in = tile % kTilesIn * Product::kTileIn;
  const NetworkScratch scratch(d, agent, network);
  const RowLosses rows(d, agent);
  const bool policy = network == Network::pi;

  // dz2[b, j] of a scalar network is gradient[b] * w3[j] where the ReLU is open. w3[j] comes last
  // and the gradient goes to h1: what is left of dz2 is 0 or 1, exact in every precision.
  const auto out = [&](int b, int j) {
    const size_t at = static_cast<size_t>(b) * kHidden + first_out + j;
    if (policy) return load<4>(&scratch.version(rows.policy_version(b)).dz2[at]);
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
    if constexpr (Traits::kCopiesW2) {
      copy_w2(d, agent, network, at, updated.parameters);
      if (network == Network::v) copy_w2(d, agent, Network::v_target, at, updated.target);
    }
  }
}

/// The small tensors of a strip of one network's hidden units; strip 0 also owns b3 and the loss.
template <class Traits>
__device__ void update_strip(const DeviceState& d, int agent, Network network, int strip,
                             ThinGradients::Shared& s) {
  using Sums = ThinGradients;
  constexpr size_t kHidden = Traits::kHidden;
  ThinGradientsBlock<Traits::kHidden>(d, agent, network, strip, s).sum();

  const NetworkLayout& l = d.networks[static_cast<int>(network)];
  const ElementUpdate<Traits::kStoreGradients> update(d, agent, network);
  const size_t unit = static_cast<size_t>(strip * Sums::kStrip + lane_index());
  const bool owns_outputs = strip == 0 && lane_index() == 0;
  for (int n = warp_index(); n < Sums::kSums; n += Sums::kWarps) {
    float gradient[1] = {};
    for (int w = 0; w < Sums::kWarps; ++w) gradient[0] += s.partial[w][n][lane_index()];
    int i = n;  // the members of Sums in their order
    if (i < mlp::kMaxIn) {
      if (i < l.in) update.template apply<1>(l.w1 + unit * l.in + i, gradient);
    } else if ((i -= mlp::kMaxIn) < 2) {
      update.template apply<1>((i == 0 ? l.b1 : l.b2) + unit, gradient);
    } else if ((i -= 2) < mlp::kMaxOut) {
      if (i < l.out) update.template apply<1>(l.w3 + i * kHidden + unit, gradient);
    } else if ((i -= mlp::kMaxOut) < mlp::kMaxOut) {
      if (i < l.out && owns_outputs) update.template apply<1>(l.b3 + i, gradient);
    } else if (owns_outputs) {
      d.control[agent].losses[static_cast<int>(network)] =
          gradient[0] / static_cast<float>(d.batch);
    }
  }
}

/// Grid: x = Traits::kBlocks, the tiles of all networks first, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    update_kernel(const __grid_constant__ DeviceState d) {
  auto& shared = shared_storage<typename Traits::Shared>();
  const int agent = static_cast<int>(blockIdx.y);
  AgentControl& control = d.control[agent];
  if (control.next.active == 0) return;
  const int block = static_cast<int>(blockIdx.x);
  if (block < Traits::kTiles) {
    constexpr int kTiles = Traits::WeightGradient::kTiles;
    update_tile<Traits>(d, agent, static_cast<Network>(block / kTiles), block % kTiles,
                        shared.tile);
    return;
  }
  constexpr int kStrips = Traits::kStrips / kTrainedNetworks;
  const int strip = block - Traits::kTiles;
  if (strip == 0 && threadIdx.x == 0) control.now = control.next;
  update_strip<Traits>(d, agent, static_cast<Network>(strip / kStrips), strip % kStrips,
                       shared.thin);
}

namespace {

template <int H, Precision P, bool kStoreGradients>
using UpdateKernel = UpdateTraits<mlp::WeightGradient<H, typename mlp::Products<P>::Outer>, H,
                                  kStoreGradients, P == Precision::bf16>;

template <int H, Precision P, bool kStoreGradients>
void launch_with(const DeviceState& d, cudaStream_t stream) {
  using Traits = UpdateKernel<H, P, kStoreGradients>;
  launch<typename Traits::Shared>("update", update_kernel<Traits>,
                                  dim3(Traits::kBlocks, static_cast<unsigned>(d.agents)),
                                  Traits::kThreads, stream, d);
}

}  // namespace

template <int H, Precision P>
void Fused<H, P>::update(const DeviceState& d, cudaStream_t stream) {
  d.gradients == nullptr ? launch_with<H, P, false>(d, stream) : launch_with<H, P, true>(d, stream);
}

template <int H, Precision P>
KernelBudget Fused<H, P>::update_budget() {
  return budget<UpdateKernel<H, P, false>>("update.cu", H, P);
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::update(const DeviceState&, cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN, SAC_PRECISION>::update_budget();

}  // namespace sac::fused
