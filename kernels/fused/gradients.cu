// The first half of a gradient step: gather the batch, run all forwards, all input gradients. See
// kernels/README.md for the design.
//
// A block owns kRows batch rows of one agent in one role and needs no other block. Roles, longest
// first, with their H x H products per row:
//
//   policy_q1   4  pi at s, fresh noise; Q1 at (s, a^) forward and dQ1/da; pi backward
//   policy_q2   4  the same through Q2; the update picks per row the smaller Q's version
//   value       3  pi at s with eq. 5's noise; Q1 and Q2 at (s, a~)
//   q1, q2, v   2  forward and unit backward
//   v_target    1  forward at s'
#include <cuda_runtime.h>

#include "kernels/fused/instances.h"
#include "kernels/fused/roles.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/occupancy.h"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/backward.cuh"
#include "kernels/mlp/products.cuh"
#include "kernels/sac/batch_source.cuh"
#include "kernels/sac/policy_sample.cuh"

namespace sac::fused {

template <class TileType>
struct GradientsTraits {
  using Tile = TileType;
  static constexpr int kRows = Tile::kRows;
  static constexpr int kThreads = Tile::kThreads;
  static_assert(kThreads >= kRows, "a thread samples one row's action");

  struct Shared {
    typename Tile::Shared tile;
    float input[kRows][mlp::kMaxIn];           ///< obs, then action
    float policy_output[kRows][mlp::kMaxOut];  ///< means, log-stds; later their gradients
    float value[kRows][1];                     ///< a scalar network's output
    float action_gradient[kRows][kMaxAct];     ///< dQ/da
    TanhGaussianSample<float> sample[kRows][kMaxAct];
    uint32_t slot[kRows];  ///< replay slots of the rows
  };
  /// 512 threads share the SM's registers if each has 16 elements of a product, half as many with
  /// 32. One warp a block (hidden 32) would still spill at 16 blocks; four fewer pay for that.
  static constexpr int kThreadElements = Tile::kThreadRows * Tile::kThreadCols;
  static constexpr int kBlocksPerSm =
      std::min(blocks_per_sm(kThreads * kThreadElements / 16, sizeof(Shared)), 12);
};

/// One block's share.
template <class Traits>
class GradientsBlock {
  using Tile = typename Traits::Tile;
  using Shared = typename Traits::Shared;

 public:
  __device__ GradientsBlock(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                            const Scratch& scratch, int agent, mlp::RowRange rows, Shared& s)
      : d_(d),
        copies_(copies),
        given_(given),
        control_(d.control[agent]),
        agent_(agent),
        rows_(rows),
        layout_(scratch.layout),
        scratch_(scratch.at(agent, 0)),
        s_(s) {}

  __device__ void run(Role role) {
    switch (role) {
      case Role::policy_q1:
      case Role::policy_q2:
        return policy_through(role == Role::policy_q1 ? 0 : 1);
      case Role::value:
        return value();
      case Role::q1:
        return at_data(Network::q1, RowValue::q1_data);
      case Role::q2:
        return at_data(Network::q2, RowValue::q2_data);
      case Role::v:
        return at_data(Network::v, RowValue::v);
      case Role::v_target:
        return at_data(Network::v_target, RowValue::v_next);
    }
  }

 private:
  /// Eq. 5's target: the policy's own action, and both Qs there.
  __device__ void value() {
    forward_policy(no_store(), no_store(), Network::q1);
    sample_actions(Purpose::value_noise, given_.value_noise, row_value(RowValue::log_prob_value));
    forward_q(Network::q1, RowValue::q1_value);
    Tile::template prefetch<mlp::Direction::forward>(s_.tile, weights(Network::q2));
    forward_q(Network::q2, RowValue::q2_value);
  }

  /// Eq. 12 through Q1 (q = 0) or Q2: the policy's reparameterised action, the Q there, and all
  /// gradients up to the policy's dz1, as if this Q were the smaller one. What does not depend on
  /// the Q, the role of Q1 leaves.
  __device__ void policy_through(int q) {
    const Network critic = q == 0 ? Network::q1 : Network::q2;
    const int n = static_cast<int>(Network::pi);
    const mlp::Masks<Tile> masks = forward_policy(q == 0 ? to(layout_.h1[n]) : no_store(),
                                                  q == 0 ? to(layout_.h2[n]) : no_store(), critic);
    sample_actions(Purpose::policy_noise, given_.policy_noise,
                   q == 0 ? row_value(RowValue::log_prob_policy) : nullptr);
    const mlp::Masks<Tile> q_masks =
        forward_q(critic, q == 0 ? RowValue::q1_policy : RowValue::q2_policy);
    backward_to_action(critic, q_masks);
    output_gradients(scratch_ + layout_.policy_output_gradient[q]);
    mlp::backward_hidden<Tile>(
        s_.tile, weights(Network::pi), masks,
        [this](int row, int o) { return s_.policy_output[row][o]; }, to(layout_.policy_dz2[q]),
        to(layout_.policy_dz1[q]));
  }

  __device__ mlp::NetworkWeights weights(Network n) const {
    return mlp::NetworkWeights(d_, agent_, n, copies_);
  }

  /// The policy at s, as far as policy_output. W2 of `next`, the network that follows, is on its
  /// way then.
  __device__ mlp::Masks<Tile> forward_policy(const mlp::RowStore& h1, const mlp::RowStore& h2,
                                             Network next) {
    const mlp::NetworkWeights pi = weights(Network::pi);
    Tile::template prefetch<mlp::Direction::forward>(s_.tile, pi);
    gather(0, d_.shape.obs);
    const mlp::Masks<Tile> masks = mlp::forward_hidden<Tile>(s_.tile, s_.input, pi, h1, h2);
    Tile::template prefetch<mlp::Direction::forward>(s_.tile, weights(next));
    mlp::head<Tile>(s_.tile, pi, s_.policy_output);
    return masks;
  }

  /// A Q at the sampled action; its W2 was prefetched.
  __device__ mlp::Masks<Tile> forward_q(Network n, RowValue kind) {
    const mlp::NetworkWeights q = weights(n);
    const mlp::Masks<Tile> masks =
        mlp::forward_hidden<Tile>(s_.tile, s_.input, q, no_store(), no_store());
    mlp::head<Tile>(s_.tile, q, s_.value);
    write_value(kind);
    return masks;
  }

  /// From an output gradient of 1 to action_gradient, visible to the block on return. The policy's
  /// W2 is on its way then.
  __device__ void backward_to_action(Network n, const mlp::Masks<Tile>& masks) {
    const mlp::NetworkWeights q = weights(n);
    Tile::template reuse<mlp::Direction::backward>(s_.tile, q);
    mlp::backward_hidden<Tile>(
        s_.tile, q, masks, [](int, int) { return 1.0f; }, no_store(), no_store());
    Tile::template prefetch<mlp::Direction::backward>(s_.tile, weights(Network::pi));
    mlp::row_products<Tile>(
        s_.tile.activations, d_.shape.act,
        [&q, this](int a, int j) { return q.w1()[j * q.in() + d_.shape.obs + a]; },
        [this](int row, int a, float sum) { s_.action_gradient[row][a] = sum; });
    __syncthreads();
  }

  /// A scalar network at the replay's data: forward and, but for v_target at s', backward from an
  /// output gradient of 1.
  __device__ void at_data(Network network, RowValue kind) {
    const bool trained = network != Network::v_target;
    const int n = static_cast<int>(network);
    const mlp::NetworkWeights net = weights(network);
    Tile::template prefetch<mlp::Direction::forward>(s_.tile, net);
    gather(trained ? 0 : record_layout(d_.shape).next_obs, net.in());
    if (network == Network::q1) write_record_parts();
    if (trained && rows_.first == 0) {
      copy_old_w3(net.w3(), scratch_ + layout_.old_w3[n]);
    }
    const mlp::RowStore h1 = trained ? to(layout_.h1[n]) : no_store();
    const mlp::RowStore h2 = trained ? to(layout_.h2[n]) : no_store();
    const mlp::Masks<Tile> masks = mlp::forward_hidden<Tile>(s_.tile, s_.input, net, h1, h2);
    if (trained) Tile::template reuse<mlp::Direction::backward>(s_.tile, net);
    mlp::head<Tile>(s_.tile, net, s_.value);
    write_value(kind);
    if (!trained) return;
    mlp::backward_hidden<Tile>(
        s_.tile, net, masks, [](int, int) { return 1.0f; }, no_store(), to(layout_.unit_dz1[n]));
  }

  /// input[row][0 .. count) = the rows' records from offset `from` on; zero beyond the batch.
  __device__ void gather(int from, int count) {
    const int row = thread_index();
    if (row < Traits::kRows) {
      const int b = rows_.first + row;
      s_.slot[row] = given_.records != nullptr || row >= rows_.count ? static_cast<uint32_t>(b)
                                                                     : sampled_slot(d_, agent_, b);
    }
    __syncthreads();
    for (int i = row; i < Traits::kRows * count; i += Traits::kThreads) {
      const int r = i / count;
      s_.input[r][i % count] = r < rows_.count ? record(r)[from + i % count] : 0.0f;
    }
    __syncthreads();
  }

  __device__ const float* record(int row) const {
    return batch_record(d_, given_, agent_, s_.slot[row]);
  }

  /// What the update needs of the records: the inputs, reward and terminated.
  __device__ void write_record_parts() {
    const int in = d_.shape.obs + d_.shape.act;
    float* input = scratch_ + layout_.input + static_cast<size_t>(rows_.first) * in;
    for (int i = thread_index(); i < rows_.count * in; i += Traits::kThreads) {
      input[i] = s_.input[i / in][i % in];
    }
    const int row = thread_index();
    if (row >= rows_.count) return;
    row_value(RowValue::reward)[row] = record(row)[record_layout(d_.shape).reward];
    row_value(RowValue::terminated)[row] = record(row)[record_layout(d_.shape).terminated];
  }

  /// The update changes w3 in one block while others still need its value before the step.
  __device__ void copy_old_w3(const float* w3, float* old_w3) {
    for (int j = thread_index(); j < Tile::kHidden; j += Traits::kThreads) old_w3[j] = w3[j];
  }

  /// Actions from the policy's output into input, samples kept for the gradient, log-probs to
  /// global memory where wanted. A thread per row.
  __device__ void sample_actions(Purpose purpose, const float* given_noise, float* log_prob) {
    const int row = thread_index();
    if (row < Traits::kRows) {
      const int act = d_.shape.act;
      const int b = rows_.first + row;
      float sum = 0;
      for (int a = 0; a < act; ++a) {
        const float noise =
            row < rows_.count ? batch_noise(control_, purpose, given_noise, b * act + a) : 0.0f;
        s_.sample[row][a] = policy_sample(control_, s_.policy_output[row], act, a, noise);
        s_.input[row][d_.shape.obs + a] = s_.sample[row][a].action;
        sum += s_.sample[row][a].log_prob;
      }
      if (log_prob != nullptr && row < rows_.count) log_prob[row] = sum;
    }
    __syncthreads();
  }

  /// policy_output turns into the gradient of the mean loss with respect to the policy's outputs,
  /// given dQ/da; rows beyond the batch get zero. A thread per row.
  __device__ void output_gradients(float* global) {
    const int row = thread_index();
    if (row < Traits::kRows) {
      const int act = d_.shape.act;
      const float weight = row < rows_.count ? 1.0f / d_.batch : 0.0f;
      for (int a = 0; a < act; ++a) {
        const TanhGaussianGradient<float> g =
            heads_gradient(control_, s_.policy_output[row], act, a, s_.sample[row][a],
                           s_.action_gradient[row][a], weight);
        s_.policy_output[row][a] = g.mean;
        s_.policy_output[row][act + a] = g.log_std;
      }
      if (row < rows_.count) {
        float* out = global + static_cast<size_t>(rows_.first + row) * 2 * act;
        for (int o = 0; o < 2 * act; ++o) out[o] = s_.policy_output[row][o];
      }
    }
    __syncthreads();
  }

  __device__ void write_value(RowValue kind) {
    const int row = thread_index();
    if (row < rows_.count) row_value(kind)[row] = s_.value[row][0];
  }

  /// The block's rows of one kind of per-row number.
  __device__ float* row_value(RowValue kind) const {
    return scratch_ + layout_.row_values + static_cast<size_t>(kind) * d_.batch + rows_.first;
  }
  __device__ mlp::RowStore to(size_t offset) const { return {scratch_ + offset, rows_}; }
  __device__ mlp::RowStore no_store() const { return {nullptr, rows_}; }

  const DeviceState& d_;
  const W2Copies& copies_;
  const GivenBatch& given_;
  const AgentControl& control_;
  const int agent_;
  const mlp::RowRange rows_;
  const ScratchLayout& layout_;
  float* const scratch_;
  Shared& s_;
};

/// Grid: x = roles times row tiles, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    gradients_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ W2Copies copies,
                     const __grid_constant__ GivenBatch given,
                     const __grid_constant__ Scratch scratch) {
  auto& shared = shared_storage<typename Traits::Shared>();
  const int agent = blockIdx.y;
  const int tiles = static_cast<int>(gridDim.x) / kRoles;
  const int role = static_cast<int>(blockIdx.x) / tiles;
  const int first = static_cast<int>(blockIdx.x) % tiles * Traits::kRows;
  const bool active = has_batch(d, given, agent);
  if (blockIdx.x == 0 && threadIdx.x == 0) advance_clock(d.control[agent], active);
  if (!active) return;
  const int left = d.batch - first;
  GradientsBlock<Traits> block(d, copies, given, scratch, agent,
                               {first, left < Traits::kRows ? left : Traits::kRows}, shared);
  block.run(static_cast<Role>(role));
}

namespace {

template <int H, Precision P>
using GradientsKernel =
    GradientsTraits<typename mlp::Products<P>::template Tile<H, rows_per_block(P)>>;

}  // namespace

template <int H, Precision P>
void Fused<H, P>::gradients(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                            const Scratch& scratch, cudaStream_t stream) {
  using Traits = GradientsKernel<H, P>;
  dim3 grid = agent_grid(d.batch, Traits::kRows, d.agents);
  grid.x *= kRoles;
  launch<typename Traits::Shared>("gradients", gradients_kernel<Traits>, grid, Traits::kThreads,
                                  stream, d, copies, given, scratch);
}

template <int H, Precision P>
KernelBudget Fused<H, P>::gradients_budget() {
  return budget<GradientsKernel<H, P>>("gradients.cu", H, P);
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::gradients(const DeviceState&, const W2Copies&,
                                                          const GivenBatch&, const Scratch&,
                                                          cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN, SAC_PRECISION>::gradients_budget();

}  // namespace sac::fused
