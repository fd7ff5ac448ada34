#include "host/commands/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <vector>

#include "host/base/usage_error.h"
#include "host/files/json_text.h"
#include "host/training/config.h"

namespace sac::commands {
namespace {

// What config.json has beside options: it follows from them, or describes where the run was.
constexpr std::array<std::string_view, 17> kNoOptions{
    "format",      "version",     "solved-at",  "solved-episodes", "obs",
    "act",         "q-lr",        "beta1",      "beta2",           "adam-eps",
    "log-std-min", "log-std-max", "max-action", "replay-ratio",    "device-description",
    "provenance",  "ranks"};

// Options that say which run this is to be, and not how it is.
constexpr std::array<std::string_view, 3> kOfTheCommandLine{"config", "resume", "help"};

std::vector<CLI::ConfigItem> items_of(const nlohmann::ordered_json& config) {
  std::vector<CLI::ConfigItem> items;
  for (const auto& [key, value] : config.items()) {
    if (value.is_null()) continue;  // a limit that is not there
    items.push_back({{}, key, {value.is_string() ? value.get<std::string>() : value.dump()}});
  }
  return items;
}

std::vector<CLI::ConfigItem> read_items(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    throw UsageError(fmt::format("--config {}: cannot be read, or is empty", path));
  }
  const auto json = files::parse_json<nlohmann::ordered_json>(text.str());
  if (json.is_object()) {
    training::require_config_format(json, path);
    return items_of(json);
  }
  return CLI::ConfigTOML().from_config(text);
}

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void apply(CLI::App& command, const CLI::ConfigItem& item, const std::string& name) {
  CLI::Option* option = command.get_option_no_throw("--" + name);
  if (option == nullptr || contains(kOfTheCommandLine, name)) {
    throw UsageError(fmt::format("{} is no option that a file can give", name));
  }
  if (item.inputs.size() != 1) throw UsageError(fmt::format("--{}: expected one value", name));
  if (option->count() > 0) return;  // the command line wins
  const bool is_flag = option->get_items_expected_max() == 0;
  option->add_result(is_flag ? option->get_flag_value(name, item.inputs[0]) : item.inputs[0]);
  option->run_callback();
}

}  // namespace

void apply_config_file(CLI::App& command, const std::string& path) {
  for (const CLI::ConfigItem& item : read_items(path)) {
    std::string name = item.name;
    std::ranges::replace(name, '_', '-');
    const bool section = name == "++" || name == "--";  // how the reader marks [train]
    if (section || contains(kNoOptions, name)) continue;
    try {
      apply(command, item, name);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("--config {}: {}", path, error.what()));
    } catch (const CLI::ParseError& error) {
      throw UsageError(fmt::format("--config {}: {}", path, error.what()));
    }
  }
}

}  // namespace sac::commands
