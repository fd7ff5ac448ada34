#include "host/export/c_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>

namespace sac::exporting {
namespace {

/// The shortest text that is read back as this float.
std::string literal(float value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + 'f';
}

void add_array(std::string& text, const std::string& name, std::span<const float> values) {
  constexpr size_t kPerLine = 8;
  text += fmt::format("static const float {}[{}] = {{", name, values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    text += (i % kPerLine == 0 ? "\n  " : " ") + literal(values[i]) + ',';
  }
  text += "\n};\n\n";
}

size_t constants(const ExportedPolicy& policy) {
  size_t count = 0;
  for (const DenseLayer& layer : policy.layers) count += layer.weight.size() + layer.bias.size();
  return count;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

constexpr const char* kComment = R"(/* A policy for {task}, exported by sac_cuda {version}: the
 * deterministic action for an observation, to be asked for every {step} s.
 *
 *   obs [{obs}]     {obs_names}
 *   action [{act}]  {act_names}, in [-{max}, {max}]
 *
 * C99 or C++. Needs tanhf of the C library and nothing else; keeps no state and allocates nothing.
 * {bytes} bytes of constants, {stack} bytes on the stack, {products} multiplications.
 */
)";

constexpr const char* kFunction =
    R"(static inline void {name}(const float obs[{obs}], float action[{act}]) {{
  float h1[{hidden}], h2[{hidden}];
  int i, j;
  for (i = 0; i < {hidden}; ++i) {{
    float sum = {name}_b1[i];
    for (j = 0; j < {obs}; ++j) sum += {name}_w1[i * {obs} + j] * obs[j];
    h1[i] = sum > 0 ? sum : 0;
  }}
  for (i = 0; i < {hidden}; ++i) {{
    float sum = {name}_b2[i];
    for (j = 0; j < {hidden}; ++j) sum += {name}_w2[i * {hidden} + j] * h1[j];
    h2[i] = sum > 0 ? sum : 0;
  }}
  for (i = 0; i < {act}; ++i) {{
    float sum = {name}_b3[i];
    for (j = 0; j < {hidden}; ++j) sum += {name}_w3[i * {hidden} + j] * h2[j];
    action[i] = {max} * tanhf(sum);
  }}
}}
)";

}  // namespace

std::string c_header(const ExportedPolicy& policy, const std::string& name) {
  using fmt::arg;
  const env::EnvironmentInfo& task = policy.task;
  const int hidden = policy.hidden();
  const size_t count = constants(policy);
  const size_t biases = 2 * static_cast<size_t>(hidden) + task.act;
  const std::string guard = upper(name) + "_H";
  std::string text = fmt::format(
      kComment, arg("task", task.id), arg("version", SAC_VERSION), arg("step", task.step_seconds),
      arg("obs", task.obs), arg("obs_names", task.obs_names), arg("act", task.act),
      arg("act_names", task.act_names), arg("max", task.max_action),
      arg("bytes", count * sizeof(float)), arg("stack", 2 * hidden * sizeof(float)),
      arg("products", count - biases));
  text += fmt::format("#ifndef {0}\n#define {0}\n\n#include <math.h>\n\n", guard);
  for (int i = 0; i < 3; ++i) {
    add_array(text, fmt::format("{}_w{}", name, i + 1), policy.layers[i].weight);
    add_array(text, fmt::format("{}_b{}", name, i + 1), policy.layers[i].bias);
  }
  fmt::format_to(std::back_inserter(text), kFunction, arg("name", name), arg("obs", task.obs),
                 arg("act", task.act), arg("hidden", hidden),
                 arg("max", literal(static_cast<float>(task.max_action))));
  return text + "\n#endif\n";
}

std::string c_name(const std::string& stem) {
  std::string name = stem + "_action";
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c) || c >= 128; }, '_');
  if (std::isdigit(static_cast<unsigned char>(name[0]))) name.insert(0, 1, '_');
  return name;
}

}  // namespace sac::exporting
