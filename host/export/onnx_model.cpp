#include "host/export/onnx_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <initializer_list>
#include <span>
#include <stdexcept>

#include "onnx_model.pb.h"

namespace sac::exporting {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

constexpr int kIrVersion = 8, kOpset = 17;

void add_tensor(onnx::GraphProto& graph, const std::string& name, std::initializer_list<int> shape,
                std::span<const float> values) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(name);
  for (const int n : shape) tensor.add_dims(n);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.set_raw_data(values.data(), values.size_bytes());
}

/// Names itself and its output `output`.
onnx::NodeProto& add_node(onnx::GraphProto& graph, const char* op,
                          std::initializer_list<std::string> inputs, const std::string& output) {
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type(op);
  node.set_name(output);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

/// x W^T + b of the tensor `input`. Returns the output's name.
std::string add_layer(onnx::GraphProto& graph, const std::string& name, const DenseLayer& layer,
                      const std::string& input) {
  add_tensor(graph, name + ".weight", {layer.out, layer.in}, layer.weight);
  add_tensor(graph, name + ".bias", {layer.out}, layer.bias);
  onnx::AttributeProto& transposed =
      *add_node(graph, "Gemm", {input, name + ".weight", name + ".bias"}, name).add_attribute();
  transposed.set_name("transB");
  transposed.set_type(onnx::AttributeProto::INT);
  transposed.set_i(1);
  return name;
}

/// [N, width] of float.
void describe(onnx::ValueInfoProto& value, const char* name, int width) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  tensor.mutable_shape()->add_dim()->set_dim_value(width);
}

void add_graph(onnx::GraphProto& graph, const ExportedPolicy& policy) {
  graph.set_name("policy");
  describe(*graph.add_input(), "obs", policy.task.obs);
  describe(*graph.add_output(), "action", policy.task.act);
  std::string last = "obs";
  for (const int i : {0, 1}) {
    const std::string name = fmt::format("layers.{}", i);
    last = add_layer(graph, name, policy.layers[i], last);
    add_node(graph, "Relu", {last}, name + ".relu");
    last = name + ".relu";
  }
  last = add_layer(graph, "mean", policy.layers[2], last);
  add_node(graph, "Tanh", {last}, "tanh");
  const float max_action = static_cast<float>(policy.task.max_action);
  add_tensor(graph, "max_action", {}, {&max_action, 1});
  add_node(graph, "Mul", {"tanh", "max_action"}, "action");
}

void add_metadata(onnx::ModelProto& model, const env::EnvironmentInfo& task) {
  const auto add = [&](const char* key, const std::string& value) {
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  };
  std::vector<double> low(task.max_obs, task.max_obs + task.obs);
  for (double& bound : low) bound = -bound;
  add("task", task.id);
  add("version", "sac_cuda " SAC_VERSION);
  add("obs_names", task.obs_names);
  add("obs_low", fmt::format("{}", fmt::join(low, ",")));
  add("obs_high", fmt::format("{}", fmt::join(task.max_obs, task.max_obs + task.obs, ",")));
  add("action_names", task.act_names);
  add("action_low", fmt::format("{}", fmt::join(std::vector(task.act, -task.max_action), ",")));
  add("action_high", fmt::format("{}", fmt::join(std::vector(task.act, task.max_action), ",")));
  add("step_seconds", fmt::format("{}", task.step_seconds));
}

}  // namespace

std::string onnx_model(const ExportedPolicy& policy) {
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("sac_cuda");
  model.set_producer_version(SAC_VERSION);
  model.add_opset_import()->set_version(kOpset);
  add_graph(*model.mutable_graph(), policy);
  add_metadata(model, policy.task);
  std::string bytes;
  if (!model.SerializeToString(&bytes)) throw std::runtime_error("the ONNX model is too large");
  return bytes;
}

}  // namespace sac::exporting
