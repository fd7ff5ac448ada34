// Which software, made how and running on what, a run came from: what its bits hang on besides its
// options.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace sac::training {

/// For config.json: `commit` (with " with changes" if the sources had some), `compiler`,
/// `compiled_for` (the instruction set of our own code), `onednn` (its version) and `onednn_isa`
/// (the instruction set that it uses here, ONEDNN_MAX_CPU_ISA considered).
nlohmann::ordered_json provenance();

}  // namespace sac::training
