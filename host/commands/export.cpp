#include <fmt/format.h>
#include <fmt/ostream.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/played_policy.h"
#include "host/export/c_header.h"
#include "host/export/onnx_model.h"
#include "host/files/atomic_file.h"

namespace sac::commands {
namespace {

enum class Format { onnx, c_header };

Format format_of(const std::filesystem::path& target) {
  const std::string ending = target.extension();
  if (ending == ".onnx") return Format::onnx;
  if (ending == ".h") return Format::c_header;
  const bool pytorch = ending == ".pt2" || ending == ".pt" || ending == ".pth";
  throw UsageError(fmt::format("{}: expected a name that ends in .onnx or .h{}", target.string(),
                               pytorch ? "; scripts/pytorch_policy.py writes .pt2" : ""));
}

}  // namespace

void export_policy(const ExportOptions& options) {
  const std::filesystem::path target = options.target;
  const Format format = format_of(target);
  files::require_writable_file(target);
  const PlayedPolicy played = read_played_policy(options.run, options.env, true);
  const exporting::ExportedPolicy policy = exporting::exported_policy(played.policy, played.task());
  const std::string content = format == Format::onnx
                                  ? exporting::onnx_model(policy)
                                  : exporting::c_header(policy, exporting::c_name(target.stem()));
  files::write_file_atomically(target, content);
  warn_of_another_task(played);
  const env::EnvironmentInfo& task = played.task();
  fmt::print(std::cout, "{}: {} of {}, obs [{}], action [{}], {:.1f} KB\n", options.target,
             played.file, task.id, task.obs, task.act, static_cast<double>(content.size()) / 1e3);
}

}  // namespace sac::commands
