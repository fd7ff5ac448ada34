#include "host/training/run_record.h"

namespace sac::training {

const char* stop_reason_name(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "none";
    case StopReason::solved:
      return "solved";
    case StopReason::steps:
      return "steps";
    case StopReason::updates:
      return "updates";
    case StopReason::time_limit:
      return "time_limit";
    case StopReason::interrupted:
      return "interrupted";
    case StopReason::diverged:
      return "diverged";
  }
  return "none";
}

}  // namespace sac::training
