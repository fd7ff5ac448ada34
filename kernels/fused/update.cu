// The second half of a gradient step: weight gradients over the whole batch, Adam and the soft
// update in the epilogue. No gradient is written to memory unless kStoreGradients. See
// kernels/README.md for the design.
//
// Blocks per network: W2 in tiles (mlp/weight_gradient.cuh), then everything else in strips of
// hidden units (thin_gradients.cuh); in sac_v2 one more, for log_alpha (learned_temperature.cuh).
// Every parameter has one owner; a block reads of the parameters only what it owns, so none waits
// for another.
#include <cuda_runtime.h>

#include "kernels/fused/instances.h"
#include "kernels/fused/learned_temperature.cuh"
#include "kernels/fused/thin_gradients.cuh"
#include "kernels/fused/tile_factors.cuh"
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
  static_assert(kThreads == ThinGradients::kThreads && kThreads == LearnedTemperature::kThreads,
                "all kinds of block share the launch");
  static constexpr int kTiles = WeightGradient::kTiles;      ///< of a network
  static constexpr int kStrips = H / ThinGradients::kStrip;  ///< of a network

  struct TileShared {
    typename WeightGradient::Shared product;
    typename TileFactors<H, WeightGradient>::Shared rows;
  };
  union Shared {
    TileShared tile;
    ThinGradients::Shared thin;
    LearnedTemperature::Shared temperature;
  };
  /// Blocks that store gradients, for checks or other processes, may have an SM's registers alone.
  static constexpr int kBlocksPerSm = kStore ? 1 : blocks_per_sm(kThreads, sizeof(Shared));
};

/// A tile of one network's W2.
template <class Traits>
__device__ void update_tile(const DeviceState& d, const W2Copies& copies,
                            const NetworkScratch& scratch, const RowLosses& rows, int agent,
                            Network network, int tile, typename Traits::TileShared& s) {
  using Product = typename Traits::WeightGradient;
  constexpr int kHidden = Traits::kHidden;
  constexpr int kTilesIn = kHidden / Product::kTileIn;
  const int first_out = tile / kTilesIn * Product::kTileOut;
  const int first_in = tile % kTilesIn * Product::kTileIn;

  constexpr int kWords = Product::kElements / 4 / Traits::kThreads;  // of a thread
  constexpr int kRowsAtOnce = 4 * Traits::kThreads / Product::kTileIn;
  const int row = 4 * thread_index() / Product::kTileIn;
  const int column = 4 * thread_index() % Product::kTileIn;
  const size_t w2 = d.networks[static_cast<int>(network)].w2;
  const size_t first = static_cast<size_t>(first_out + row) * kHidden + first_in + column;
  constexpr size_t kStep = static_cast<size_t>(kRowsAtOnce) * kHidden;
  using Update = ElementUpdate<Traits::kStoreGradients>;
  const Update update(d, agent, network);
  typename Update::template Elements<4> elements[kWords] = {};
  float scale[kWords] = {};
  Product::sum(
      s.product, d.batch,
      TileFactors<kHidden, Product>(scratch, rows, network, first_out, first_in, s.rows), [&] {
#pragma unroll
        for (int n = 0; n < kWords; ++n) {
          elements[n] = update.template fetch<4>(w2 + first + n * kStep);
          scale[n] =
              network == Network::pi ? 1.0f : scratch.old_w3[first_out + row + n * kRowsAtOnce];
        }
      });

  const UpdateStep step(d.control[agent], network);
#pragma unroll
  for (int n = 0; n < kWords; ++n) {
    Vector4 gradient = {};
#pragma unroll
    for (int split = 0; split < Product::kSplits; ++split) {
      const Vector4 part = load<4>(&s.product.partial[split][row + n * kRowsAtOnce][column]);
#pragma unroll
      for (int x = 0; x < 4; ++x) gradient.v[x] += part.v[x];
    }
#pragma unroll
    for (float& g : gradient.v) g *= scale[n];
    const size_t at = first + n * kStep;
    update.apply(step, w2 + at, elements[n], gradient);
    const auto copy = [&](Network of, const Vector4& w) {
      copy_w2(d, copies, Traits::kPrecision, agent, of, at, w);
    };
    copy(network, elements[n].parameters);
    if (has_target(d.shape.algorithm, network)) {
      copy(target_of(d.shape.algorithm, network), elements[n].target);
    }
  }
}

/// The thin tensors of a strip of one network's hidden units; strip 0 also owns b3 and the loss.
template <class Traits>
__device__ void update_strip(const DeviceState& d, const NetworkScratch& scratch,
                             const RowLosses& rows, int agent, Network network, int strip,
                             ThinGradients::Shared& s) {
  using Thin = ThinGradients;
  constexpr size_t kHidden = Traits::kHidden;
  ThinGradientsBlock<Traits::kHidden>(d, scratch, rows, network, strip, s).sum();

  const NetworkLayout& l = d.networks[static_cast<int>(network)];
  const ElementUpdate<Traits::kStoreGradients> update(d, agent, network);
  const UpdateStep step(d.control[agent], network);
  const int lane = lane_index();
  const size_t unit = strip * Thin::kStrip + lane;
  // A warp takes a sum, a lane a unit's.
#pragma unroll 1
  for (int n = warp_index(); n < Thin::kSums; n += Thin::kWarps) {
    size_t offset;
    if (n < Thin::kB1) {
      if (n >= l.in) continue;
      offset = l.w1 + unit * l.in + n;
    } else if (n < Thin::kW3) {
      offset = (n == Thin::kB1 ? l.b1 : l.b2) + unit;
    } else if (n < Thin::kB3) {
      if (n - Thin::kW3 >= l.out) continue;
      offset = l.w3 + (n - Thin::kW3) * kHidden + unit;
    } else {
      if (unit > 0 || (n < Thin::kLoss && n - Thin::kB3 >= l.out)) continue;
      offset = l.b3 + (n - Thin::kB3);
    }
    Words<1> sum = {};
#pragma unroll
    for (int w = 0; w < Thin::kWarps; ++w) sum.v[0] += s.partial[w][n][lane];
    if (n == Thin::kLoss) {
      put_loss<Traits::kStoreGradients>(d, agent, network, sum.v[0] / d.whole_batch);
    } else {
      auto element = update.template fetch<1>(offset);
      update.apply(step, offset, element, sum);
    }
  }
}

/// Blocks of one agent: the tiles of all networks, their strips, in sac_v2 the temperature.
template <class Traits>
constexpr int update_blocks(Algorithm a) {
  return trained_networks(a) * (Traits::kTiles + Traits::kStrips) +
         (a == Algorithm::sac_v1 ? 0 : 1);
}

/// Grid: x = update_blocks, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    update_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ W2Copies copies,
                  const __grid_constant__ Scratch scratch) {
  auto& shared = shared_storage<typename Traits::Shared>();
  const int agent = blockIdx.y;
  AgentControl& control = d.control[agent];
  if (control.next.active == 0) return;
  const float* const row_values = scratch.at(agent, scratch.layout.row_values);
  if (d.shape.algorithm == Algorithm::sac_v2 && blockIdx.x == gridDim.x - 1) {
    update_temperature<Traits::kStoreGradients>(d, row_values, agent, shared.temperature);
    return;
  }
  const int networks = trained_networks(d.shape.algorithm);
  const int block = blockIdx.x, strip = block - networks * Traits::kTiles;
  if (strip == 0 && threadIdx.x == 0) control.now = control.next;
  const Network network =
      static_cast<Network>(strip < 0 ? block / Traits::kTiles : strip / Traits::kStrips);
  const NetworkScratch left(scratch, agent, network);
  const RowLosses rows(row_values, d, control);
  if (strip < 0) {
    update_tile<Traits>(d, copies, left, rows, agent, network, block % Traits::kTiles, shared.tile);
  } else {
    update_strip<Traits>(d, left, rows, agent, network, strip % Traits::kStrips, shared.thin);
  }
}

namespace {

template <int H, Precision P, bool kStoreGradients>
using UpdateKernel =
    UpdateTraits<mlp::WeightGradient<H, typename mlp::Products<P>::Outer>, H, P, kStoreGradients>;

template <int H, Precision P, bool kStoreGradients>
void launch_with(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                 cudaStream_t stream) {
  using Traits = UpdateKernel<H, P, kStoreGradients>;
  const dim3 grid(update_blocks<Traits>(d.shape.algorithm), static_cast<unsigned>(d.agents));
  launch<typename Traits::Shared>("update", update_kernel<Traits>, grid, Traits::kThreads, stream,
                                  d, copies, scratch);
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
