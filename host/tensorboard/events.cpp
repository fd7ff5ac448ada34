#include "host/tensorboard/events.h"

#include <event.pb.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace sac::tensorboard {
namespace {

// CRC-32C, bit by bit turned around: polynomial 0x1EDC6F41.
constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ (remainder & 1 ? 0x82F63B78u : 0);
    }
    table[byte] = remainder;
  }
  return table;
}

// As TFRecord files have it: a checksum of bytes that hold checksums is no weaker then.
uint32_t masked_checksum(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = crc_table();
  uint32_t crc = ~0u;
  for (const char c : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

template <class T>
void put_little_endian(T value, std::string& to) {
  for (size_t i = 0; i < sizeof(T); ++i) to += static_cast<char>(value >> (8 * i) & 0xff);
}

// Length, its checksum, the message, its checksum.
std::string record(const Event& event) {
  const std::string message = event.SerializeAsString();
  std::string framed;
  put_little_endian(uint64_t{message.size()}, framed);
  put_little_endian(masked_checksum(framed), framed);
  framed += message;
  put_little_endian(masked_checksum(message), framed);
  return framed;
}

std::string hparams_record(double wall_time, const char* tag, HParamsPluginData& data) {
  data.set_version(0);
  Event event;
  event.set_wall_time(wall_time);
  Summary::Value& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  SummaryMetadata::PluginData& plugin = *value.mutable_metadata()->mutable_plugin_data();
  plugin.set_plugin_name("hparams");
  plugin.set_content(data.SerializeAsString());
  return record(event);
}

HParamInfo::DataType type_of(const Hyperparameter& value) {
  constexpr HParamInfo::DataType kTypes[] = {HParamInfo::FLOAT64, HParamInfo::STRING,
                                             HParamInfo::BOOL};
  return kTypes[value.index()];
}

Value message_of(const Hyperparameter& hyperparameter) {
  Value value;
  if (const auto* number = std::get_if<double>(&hyperparameter)) value.set_number_value(*number);
  if (const auto* text = std::get_if<std::string>(&hyperparameter)) value.set_string_value(*text);
  if (const auto* flag = std::get_if<bool>(&hyperparameter)) value.set_bool_value(*flag);
  return value;
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof(name) - 1) == 0 && name[0] != '\0' ? name : "localhost";
}

}  // namespace

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string file_name(double wall_time) {
  return fmt::format("events.out.tfevents.{:.0f}.{}.{}", wall_time, host_name(), getpid());
}

std::string first_records(double wall_time, int64_t step,
                          const std::map<std::string, Hyperparameter>& hyperparameters,
                          std::span<const std::string_view> metric_tags) {
  Event version;
  version.set_wall_time(wall_time);
  version.set_file_version("brain.Event:2");
  Event start;
  start.set_wall_time(wall_time);
  start.set_step(step);
  start.mutable_session_log()->set_status(SessionLog::START);

  HParamsPluginData experiment, session;
  SessionStartInfo& started = *session.mutable_session_start_info();
  started.set_start_time_secs(wall_time);
  for (const auto& [name, value] : hyperparameters) {
    HParamInfo& info = *experiment.mutable_experiment()->add_hparam_infos();
    info.set_name(name);
    info.set_type(type_of(value));
    (*started.mutable_hparams())[name] = message_of(value);
  }
  for (const std::string_view tag : metric_tags) {
    MetricInfo& info = *experiment.mutable_experiment()->add_metric_infos();
    info.mutable_name()->set_tag(std::string(tag));
  }
  return record(version) + record(start) +
         hparams_record(wall_time, "_hparams_/experiment", experiment) +
         hparams_record(wall_time, "_hparams_/session_start_info", session);
}

std::string scalars_record(double wall_time, int64_t step, std::span<const Scalar> scalars) {
  Event event;
  event.set_wall_time(wall_time);
  event.set_step(step);
  for (const Scalar& scalar : scalars) {
    Summary::Value& value = *event.mutable_summary()->add_value();
    value.set_tag(std::string(scalar.tag));
    value.set_simple_value(static_cast<float>(scalar.value));
  }
  return record(event);
}

std::string last_record(double wall_time, bool success) {
  HParamsPluginData data;
  SessionEndInfo& end = *data.mutable_session_end_info();
  end.set_status(success ? SessionEndInfo::SUCCESS : SessionEndInfo::FAILURE);
  end.set_end_time_secs(wall_time);
  return hparams_record(wall_time, "_hparams_/session_end_info", data);
}

}  // namespace sac::tensorboard
