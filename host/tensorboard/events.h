// The records of TensorBoard's event files, each ready to be added to one. A file begins with
// first_records.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sac::tensorboard {

/// Seconds since 1970, for wall_time below.
double now();

/// "events.out.tfevents.<seconds>.<host>.<process>", as TensorBoard looks for.
std::string file_name(double wall_time);

using Hyperparameter = std::variant<double, std::string, bool>;

/// The file's version; that what older files of the directory have from `step` on did not happen,
/// as after --resume; and what the HParams tab shows: the hyperparameters, beside the latest values
/// of the metrics with these tags.
std::string first_records(double wall_time, int64_t step,
                          const std::map<std::string, Hyperparameter>& hyperparameters,
                          std::span<const std::string_view> metric_tags);

struct Scalar {
  std::string_view tag;
  double value = 0;
};

/// Values of one step, in float as TensorBoard has them.
std::string scalars_record(double wall_time, int64_t step, std::span<const Scalar> scalars);

/// That the run has ended, for the HParams tab.
std::string last_record(double wall_time, bool success);

}  // namespace sac::tensorboard
