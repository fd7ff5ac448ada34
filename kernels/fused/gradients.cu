// The first half of a gradient step: gather the batch, run all forwards, all input gradients. See
// kernels/README.md for the design.
//
// A block owns kRows batch rows of one agent in one role (roles.h) and needs no other block:
//
//   policy_q1   pi at s, fresh noise; Q1 at (s, a^) forward and dQ1/da; pi backward
//   policy_q2   the same through Q2; the update picks per row the smaller Q's version
//   soft_value  pi at s with eq. 5's noise; Q1 and Q2 at (s, a~). In sac_v2 pi at s' with noise of
//               its own; both target Qs at (s', a')
//   q1, q2, v   at the replay's data, forward and backward from an output gradient of 1
//   v_target    forward at s'
//
// All roles run the same two bodies, `forward` and `backward`: a role's own copy of the products
// would be code that each block fetches and runs once.
#include <cuda_runtime.h>

#include "kernels/fused/instances.h"
#include "kernels/fused/ring_depth.h"
#include "kernels/fused/roles.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/occupancy.h"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/backward.cuh"
#include "kernels/mlp/products.cuh"
#include "kernels/sac/batch_source.cuh"
#include "kernels/sac/policy_sample.cuh"
#include "kernels/sac/row_loss.cuh"

namespace sac::fused {

template <class TileType>
struct GradientsTraits {
  using Tile = TileType;
  static constexpr int kRows = Tile::kRows;
  static constexpr int kThreads = Tile::kThreads;
  static_assert(kThreads >= kRows, "a thread samples one row's action");
  static constexpr int kScalar = mlp::kMaxOut;  ///< column of `output` where a scalar network's is
  static constexpr int kOutputs = kScalar + 1;

  struct Shared {
    typename Tile::Shared tile;
    float input[kRows][mlp::kMaxIn];        ///< obs, then action
    float output[kRows][kOutputs];          ///< of the policy, then of a scalar network
    float noise[kRows][kMaxAct];            ///< standard normal, of the role's sample
    float action_gradient[kRows][kMaxAct];  ///< dQ/da
    TanhGaussianSample<float> sample[kRows][kMaxAct];
    uint32_t slot[kRows];  ///< replay slots of the rows
  };
  /// 512 threads share the SM's registers if each has 16 elements of a product, half as many with
  /// 32. One warp a block (hidden 32) would still spill at 16 blocks; four fewer pay for that.
  static constexpr int kThreadElements = Tile::kThreadRows * Tile::kThreadCols;
  static constexpr size_t shared_bytes(bool deep) {
    return sizeof(Shared) + Tile::ring_bytes(deep);
  }
  static constexpr int kBlocksPerSm =
      std::min(blocks_per_sm(kThreads * kThreadElements / 16, shared_bytes(false)), 12);
};

/// One block's share.
template <class Traits>
class GradientsBlock {
  using Tile = typename Traits::Tile;
  using Shared = typename Traits::Shared;
  using Masks = mlp::Masks<Tile>;
  using Direction = mlp::Direction;

 public:
  __device__ GradientsBlock(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                            const Scratch& scratch, int agent, Role role, mlp::RowRange rows,
                            Shared& s, const Tile& tile)
      : d_(d),
        copies_(copies),
        given_(given),
        control_(d.control[agent]),
        agent_(agent),
        role_(role),
        rows_(rows),
        layout_(scratch.layout),
        scratch_(scratch.at(agent, 0)),
        s_(s),
        tile_(tile) {}

  __device__ void run() {
    tile_.template prefetch<Direction::forward>(weights(network(0)));
    gather();
    if (!samples(role_)) leave_for_update();
    Masks masks, earlier;
#pragma unroll 1
    for (int pass = 0; pass < forward_passes(role_); ++pass) {
      earlier = masks;
      masks = forward(pass);
    }
    if (!goes_back(role_)) return;
#pragma unroll 1
    for (int pass = forward_passes(role_) - 1; pass >= 0; --pass) {
      backward(pass, masks);
      masks = earlier;
    }
  }

 private:
  /// One network at s_.input, as far as its output, and at the policy's on to the action. W2 of
  /// what follows is on its way then.
  __device__ Masks forward(int pass) {
    const Network n = network(pass);
    const mlp::NetworkWeights net = weights(n);
    const bool wanted = leaves_activations(n);
    const Masks masks = mlp::forward_hidden(
        tile_, s_.input, net, wanted ? to(layout_.h1[static_cast<int>(n)]) : no_store(),
        wanted ? to(layout_.h2[static_cast<int>(n)]) : no_store());
    if (pass + 1 < forward_passes(role_)) {
      tile_.template prefetch<Direction::forward>(weights(network(pass + 1)));
    } else if (goes_back(role_)) {
      tile_.template reuse<Direction::backward>(net);
    }
    const bool policy = n == Network::pi;
    mlp::head(tile_, net, s_.output, policy ? 0 : Traits::kScalar);
    if (policy) {
      sample_actions();
    } else {
      write_value(pass);
    }
    return masks;
  }

  /// Back through one network: the policy, from its output's gradient, or a scalar network, from a
  /// gradient of 1. At a policy role's Q on to dQ/da and the gradient of the policy's output.
  __device__ void backward(int pass, const Masks& masks) {
    const Network n = network(pass);
    const bool policy = n == Network::pi, critic = samples(role_) && !policy;
    const int q = role_ == Role::policy_q1 ? 0 : 1;
    const mlp::NetworkWeights net = weights(n);
    const mlp::RowStore dz1 =
        critic ? no_store()
               : to(policy ? layout_.policy_dz1[q] : layout_.unit_dz1[static_cast<int>(n)]);
    mlp::backward_hidden(
        tile_, net, masks,
        [this, policy](int row, int o) { return policy ? s_.output[row][o] : 1.0f; },
        policy ? to(layout_.policy_dz2[q]) : no_store(), dz1);
    if (!critic) return;
    tile_.template prefetch<Direction::backward>(weights(Network::pi));
    action_gradients(net);
    output_gradients(scratch_ + layout_.policy_output_gradient[q]);
  }

  __device__ Network network(int pass) const {
    return network_of(d_.shape.algorithm, role_, pass);
  }

  __device__ mlp::NetworkWeights weights(Network n) const {
    return mlp::NetworkWeights(d_, agent_, n, copies_);
  }

  /// The update needs h1 and h2 of every trained network at its own batch; of the policy, which two
  /// roles run there, once.
  __device__ bool leaves_activations(Network n) const {
    return samples(role_) ? role_ == Role::policy_q1 && n == Network::pi : goes_back(role_);
  }

  /// The rows' inputs of the first network, zero beyond the batch; the noise of a sample.
  __device__ void gather() {
    const int thread = thread_index();
    if (thread < Traits::kRows) {
      const int b = rows_.first + thread;
      s_.slot[thread] = given_.records != nullptr || thread >= rows_.count
                            ? static_cast<uint32_t>(b)
                            : sampled_slot(d_, agent_, b);
    }
    // The last threads: another warp than the slots', but in the narrowest block.
    const int row = Traits::kThreads - 1 - thread;
    if (samples(role_) && row < Traits::kRows) draw_noise(row);
    __syncthreads();
    const int count = network_in(d_.shape, network(0));
    const int from = at_next_obs(d_.shape.algorithm, role_) ? record_layout(d_.shape).next_obs : 0;
    for (int i = thread; i < Traits::kRows * count; i += Traits::kThreads) {
      const int r = i / count;
      s_.input[r][i % count] = r < rows_.count ? record(r)[from + i % count] : 0.0f;
    }
    __syncthreads();
  }

  __device__ void draw_noise(int row) {
    const bool value = role_ == Role::soft_value;
    const int act = d_.shape.act;
    for (int a = 0; a < act; ++a) {
      s_.noise[row][a] =
          row < rows_.count
              ? batch_noise(d_, control_,
                            value ? target_noise(d_.shape.algorithm) : Purpose::policy_noise,
                            value ? given_.target_noise : given_.policy_noise, rows_.first + row, a)
              : 0.0f;
    }
  }

  __device__ const float* record(int row) const {
    return batch_record(d_, given_, agent_, s_.slot[row]);
  }

  /// What the update needs beside activations: the records' parts, and w3 before the step, which
  /// the update changes in one block while others still read it.
  __device__ void leave_for_update() {
    if (role_ == Role::q1) write_record_parts();
    if (role_ == Role::v_target || rows_.first > 0) return;
    const Network n = network(0);
    const float* w3 = weights(n).w3();
    float* old_w3 = scratch_ + layout_.old_w3[static_cast<int>(n)];
    for (int j = thread_index(); j < Tile::kHidden; j += Traits::kThreads) old_w3[j] = w3[j];
  }

  /// Inputs, reward and terminated.
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

  /// Actions from the policy's output into input, samples kept for the gradient, log-probs to
  /// global memory but from policy_q2, where they are policy_q1's. A thread per row.
  __device__ void sample_actions() {
    const int row = thread_index();
    if (row < Traits::kRows) {
      const int act = d_.shape.act;
      float sum = 0;
      for (int a = 0; a < act; ++a) {
        s_.sample[row][a] = policy_sample(control_, s_.output[row], act, a, s_.noise[row][a]);
        s_.input[row][d_.shape.obs + a] = s_.sample[row][a].action;
        sum += s_.sample[row][a].log_prob;
      }
      if (role_ != Role::policy_q2 && row < rows_.count) {
        row_value(role_ == Role::soft_value ? RowValue::log_prob_value
                                            : RowValue::log_prob_policy)[row] = sum;
      }
    }
    __syncthreads();
  }

  /// action_gradient = dQ/da, from the Q's dz1 in the activations.
  __device__ void action_gradients(const mlp::NetworkWeights& q) {
    mlp::row_products(
        tile_, d_.shape.act,
        [&q, this](int a, int j) { return q.w1()[j * q.in() + d_.shape.obs + a]; },
        [this](int row, int a, float sum) { s_.action_gradient[row][a] = sum; });
    __syncthreads();
  }

  /// output turns into the gradient of the mean loss with respect to the policy's outputs,
  /// given dQ/da; rows beyond the batch get zero. A thread per row.
  __device__ void output_gradients(float* global) {
    const int row = thread_index();
    if (row < Traits::kRows) {
      const int act = d_.shape.act;
      const float weight = row < rows_.count ? 1.0f / d_.whole_batch : 0.0f;
      const float alpha = temperature(d_, agent_);
      for (int a = 0; a < act; ++a) {
        const TanhGaussianGradient<float> g =
            heads_gradient(control_, s_.output[row], act, a, s_.sample[row][a],
                           s_.action_gradient[row][a], weight, alpha);
        s_.output[row][a] = g.mean;
        s_.output[row][act + a] = g.log_std;
      }
      if (row < rows_.count) {
        float* out = global + static_cast<size_t>(rows_.first + row) * 2 * act;
        for (int o = 0; o < 2 * act; ++o) out[o] = s_.output[row][o];
      }
    }
    __syncthreads();
  }

  /// The output of a scalar network, and what follows from the soft value's last: all that it is
  /// made of, the row's own thread has written.
  __device__ void write_value(int pass) {
    const int row = thread_index();
    if (row >= rows_.count) return;
    row_value(row_value_of(role_, pass))[row] = s_.output[row][Traits::kScalar];
    if (role_ != Role::soft_value || pass < 2) return;
    put_soft_value(scratch_ + layout_.row_values, d_, rows_.first + row, temperature(d_, agent_));
  }

  /// The block's rows of one kind of per-row number.
  __device__ float* row_value(RowValue kind) const {
    return scratch_ + layout_.row_values + static_cast<size_t>(kind) * d_.batch + rows_.first;
  }
  __device__ mlp::RowStore to(size_t offset) const {
    return {scratch_ + offset, rows_};
  }
  __device__ mlp::RowStore no_store() const {
    return {nullptr, rows_};
  }

  const DeviceState& d_;
  const W2Copies& copies_;
  const GivenBatch& given_;
  const AgentControl& control_;
  const int agent_;
  const Role role_;
  const mlp::RowRange rows_;
  const ScratchLayout& layout_;
  float* const scratch_;
  Shared& s_;
  const Tile& tile_;
};

/// Grid: x = roles times row tiles, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    gradients_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ W2Copies copies,
                     const __grid_constant__ GivenBatch given,
                     const __grid_constant__ Scratch scratch, bool deep_ring) {
  auto& shared = shared_storage<typename Traits::Shared>();
  const int agent = blockIdx.y;
  const int tiles = static_cast<int>(gridDim.x) / roles(d.shape.algorithm);
  const int role = static_cast<int>(blockIdx.x) / tiles;
  const int first = static_cast<int>(blockIdx.x) % tiles * Traits::kRows;
  const bool active = learns(d, given, agent);
  // In a block of the shortest role.
  if (blockIdx.x == gridDim.x - 1 && threadIdx.x == 0) advance_clock(d, agent, active);
  if (!active) return;
  const int left = d.batch - first;
  const typename Traits::Tile tile(shared.tile, beyond(shared), deep_ring);
  GradientsBlock<Traits> block(d, copies, given, scratch, agent, static_cast<Role>(role),
                               {first, left < Traits::kRows ? left : Traits::kRows}, shared, tile);
  block.run();
}

namespace {

template <int H, Precision P, int M>
using GradientsKernel = GradientsTraits<typename mlp::Products<P>::template Tile<H, M>>;

template <int H, Precision P, int M>
void launch_with(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                 const Scratch& scratch, cudaStream_t stream) {
  using Traits = GradientsKernel<H, P, M>;
  dim3 grid = agent_grid(d.batch, Traits::kRows, d.agents);
  grid.x *= roles(d.shape.algorithm);
  const bool deep = deep_ring_fits<Traits>(d.gpu, grid);
  launch("gradients", gradients_kernel<Traits>,
         {grid, Traits::kThreads, Traits::shared_bytes(deep)}, stream, d, copies, given, scratch,
         deep);
}

}  // namespace

template <int H, Precision P>
void Fused<H, P>::gradients(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                            const Scratch& scratch, cudaStream_t stream) {
  if constexpr (P != Precision::fp32) {
    if (rows_per_block(d.shape.algorithm, P, d.batch, d.agents) == 32) {
      return launch_with<H, P, 32>(d, copies, given, scratch, stream);
    }
  }
  launch_with<H, P, 16>(d, copies, given, scratch, stream);
}

template <int H, Precision P>
std::vector<KernelBudget> Fused<H, P>::gradients_budgets() {
  std::vector<KernelBudget> all = {ring_budget<GradientsKernel<H, P, 16>>("gradients.cu", H, P)};
  if constexpr (P != Precision::fp32) {
    all.push_back(ring_budget<GradientsKernel<H, P, 32>>("gradients.cu", H, P));
  }
  return all;
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::gradients(const DeviceState&, const W2Copies&,
                                                          const GivenBatch&, const Scratch&,
                                                          cudaStream_t);
template std::vector<KernelBudget> Fused<SAC_HIDDEN, SAC_PRECISION>::gradients_budgets();

}  // namespace sac::fused
