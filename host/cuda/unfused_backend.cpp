#include "host/cuda/unfused_backend.h"

#include <algorithm>
#include <vector>

#include "kernels/env/registry.h"
#include "kernels/sac/optimise.h"
#include "kernels/unfused/launch.h"

namespace sac::cuda {
namespace {

using unfused::Group;
using unfused::Groups;

/// Rows of the groups before this one.
int rows_before(Group group, int batch) {
  return static_cast<int>(group) * batch;
}

}  // namespace

UnfusedBackend::PolicyRows::PolicyRows(const DeviceState& d, int count) {
  const size_t n = count, agents = d.agents;
  const NetworkLayout& pi = d.networks[static_cast<int>(Network::pi)];
  const int widths[] = {pi.in, pi.hidden, pi.hidden, pi.out};
  unfused::AgentMatrix* const matrices[] = {&rows.input, &rows.h1, &rows.h2, &rows.output};
  size_t agent_stride = 0;
  for (const int width : widths) agent_stride += aligned(n * width);
  memory = DeviceArray<float>(agents * agent_stride);
  float* next = memory.data();
  for (int i = 0; i < 4; ++i) {
    *matrices[i] = {next, count, widths[i], widths[i], agent_stride};
    next += aligned(n * widths[i]);
  }
}

UnfusedBackend::UnfusedBackend(const DeviceState& d, Precision precision, const Stream& stream,
                               const GradientExchange* exchange)
    : stream_(stream),
      exchange_(exchange),
      blas_(stream.get()),
      network_(blas_, stream.get(), precision),
      scratch_{nullptr, unfused::scratch_layout(d.shape, d.batch)},
      scratch_memory_(d.agents * scratch_.layout.size),
      environments_(d, static_cast<int>(d.envs)) {
  scratch_.base = scratch_memory_.data();
}

void UnfusedBackend::rollout(const DeviceState& d, int steps, bool warm_up) {
  const ForwardRows& x = environments_.rows;
  for (int step = 0; step < steps; ++step) {
    if (!warm_up) {
      unfused::launch_observe(d, x.input, stream_.get());
      network_.forward(parameters(d, Network::pi), x, d.agents);
    }
    unfused::launch_act(d, x.output, warm_up, stream_.get());
  }
}

void UnfusedBackend::gradients(const DeviceState& d, const GivenBatch& given) {
  unfused::launch_gather(d, given, scratch_, stream_.get());
  forward(d, Network::pi);
  unfused::launch_sample(d, given, scratch_, stream_.get());
  const int trained = trained_networks(d.shape.algorithm);
  for (int n = 1; n < kNetworks; ++n) forward(d, static_cast<Network>(n));
  unfused::launch_value_gradients(d, scratch_, stream_.get());
  for (int n = 1; n < trained; ++n) backward(d, static_cast<Network>(n));
  action_gradient(d);
  unfused::launch_policy_gradient(d, scratch_, stream_.get());
  backward(d, Network::pi);
}

void UnfusedBackend::update(const DeviceState& d) {
  for (int n = 0; n < trained_networks(d.shape.algorithm); ++n) {
    const Network network = static_cast<Network>(n);
    const NetworkTensors gradients(d.networks[n], d.gradients, gradient_stride(d));
    ForwardRows x = gradient_rows(d, network);
    BackwardRows dx = backward_rows(d, network);
    for (unfused::AgentMatrix* m : {&x.input, &x.h1, &x.h2, &dx.output, &dx.dz1, &dx.dz2}) {
      *m = m->row_range(0, d.batch);  // those of its own loss
    }
    network_.weight_gradients(gradients, x, dx, d.agents);
  }
  unfused::launch_batch_sums(d, scratch_, stream_.get());
  if (d.shared) exchange_->sum(d.gradients, d.agents * gradient_stride(d), stream_.get());
  launch_optimise(d, stream_.get());
}

void UnfusedBackend::evaluate(const DeviceState& d, const EpisodeResults& results) {
  constexpr int kStepsBetweenLooks = 32;
  const env::EnvironmentInfo& info = env::Environments::info[d.environment];
  const size_t episodes = static_cast<size_t>(d.agents) * results.episodes;
  const PolicyRows policy_rows(d, results.episodes);
  const UnfusedNetwork network(blas_, stream_.get(), Precision::fp32);
  const DeviceArray<float> state(episodes * info.state);
  const DeviceArray<int> playing(episodes);
  const unfused::PlayedEpisodes played{state.data(), playing.data(), policy_rows.rows.input,
                                       policy_rows.rows.output};
  unfused::launch_start_episodes(d, results, played, stream_.get());
  const auto any_playing = [&] {
    stream_.synchronise();
    const std::vector<int> flags = playing.download();
    return std::find(flags.begin(), flags.end(), 1) != flags.end();
  };
  while (any_playing()) {
    for (int step = 0; step < kStepsBetweenLooks; ++step) {
      network.forward(parameters(d, Network::pi), policy_rows.rows, d.agents);
      unfused::launch_step_episodes(d, results, played, stream_.get());
    }
  }
}

size_t UnfusedBackend::bytes() const {
  return blas_.bytes() + scratch_memory_.bytes() + environments_.memory.bytes();
}

void UnfusedBackend::forward(const DeviceState& d, Network n) const {
  network_.forward(parameters(d, n), forward_rows(d, n), d.agents);
}

void UnfusedBackend::backward(const DeviceState& d, Network n) const {
  network_.backward(parameters(d, n), gradient_rows(d, n), backward_rows(d, n), d.agents);
}

/// Each row's gradient flows through one Q; the other adds zero.
void UnfusedBackend::action_gradient(const DeviceState& d) const {
  const unfused::AgentMatrix sum = scratch(scratch_.layout.action_gradient, d.batch, d.shape.act);
  for (const Network n : {Network::q1, Network::q2}) {
    const unfused::AgentMatrix dz1 = backward_rows(d, n).dz1.row_range(d.batch, d.batch);
    const unfused::AgentMatrix w1 = parameters(d, n).w1.col_range(d.shape.obs, d.shape.act);
    blas_.multiply({dz1}, {w1}, sum, n == Network::q1 ? Sum::overwrite : Sum::add, Precision::fp32,
                   d.agents);
  }
}

NetworkTensors UnfusedBackend::parameters(const DeviceState& d, Network n) const {
  return {d.networks[static_cast<int>(n)], d.parameters, d.parameter_stride};
}

unfused::AgentMatrix UnfusedBackend::scratch(size_t offset, int rows, int cols) const {
  return {scratch_.base + offset, rows, cols, cols, scratch_.layout.size};
}

ForwardRows UnfusedBackend::forward_rows(const DeviceState& d, Network n) const {
  const unfused::ScratchLayout& l = scratch_.layout;
  const int i = static_cast<int>(n), hidden = d.shape.hidden;
  const Groups groups = unfused::forward_groups(d.shape.algorithm, n);
  const int rows = groups.count * d.batch;
  const auto row_value = [&](RowValue kind) {
    return scratch(l.row_values + static_cast<size_t>(kind) * d.batch, rows, 1);
  };
  const unfused::AgentMatrix q_input =
      scratch(l.q_input, unfused::kGroups * d.batch, d.shape.obs + d.shape.act);
  ForwardRows x;
  x.input =
      q_input.row_range(rows_before(groups.first, d.batch), rows).col_range(0, d.networks[i].in);
  x.h1 = scratch(l.h1[i], rows, hidden);
  x.h2 = scratch(l.h2[i], rows, hidden);
  if (n == Network::pi) {
    x.output = scratch(l.policy_output, rows, 2 * d.shape.act);
  } else if (takes_action(d.shape.algorithm, n)) {
    x.output = row_value(unfused::q_output(n, groups.first));
  } else if (n == Network::v) {
    x.output = row_value(RowValue::v);
  } else {
    x.input = scratch(l.next_obs, rows, d.shape.obs);
    x.output = row_value(RowValue::v_next);
  }
  return x;
}

ForwardRows UnfusedBackend::gradient_rows(const DeviceState& d, Network n) const {
  ForwardRows x = forward_rows(d, n);
  const Groups all = unfused::forward_groups(d.shape.algorithm, n);
  const Groups some = unfused::gradient_groups(d.shape.algorithm, n);
  const int skipped = rows_before(some.first, d.batch) - rows_before(all.first, d.batch);
  for (unfused::AgentMatrix* m : {&x.input, &x.h1, &x.h2, &x.output}) {
    *m = m->row_range(skipped, some.count * d.batch);
  }
  return x;
}

BackwardRows UnfusedBackend::backward_rows(const DeviceState& d, Network n) const {
  const unfused::ScratchLayout& l = scratch_.layout;
  const int i = static_cast<int>(n);
  const int rows = unfused::gradient_groups(d.shape.algorithm, n).count * d.batch;
  return {scratch(l.output_gradient[i], rows, d.networks[i].out),
          scratch(l.dz1[i], rows, d.shape.hidden), scratch(l.dz2[i], rows, d.shape.hidden)};
}

}  // namespace sac::cuda
