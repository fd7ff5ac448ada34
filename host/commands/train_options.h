// The options of train on the command line, which a sweep has too.
#pragma once

#include <CLI/CLI.hpp>

#include "host/training/config.h"

namespace sac::commands {

/// Each adds a group of options to `app`; `options` must outlive the parse.
void add_train_options(CLI::App& app, training::TrainOptions& options);
void add_train_hyperparameters(CLI::App& app, training::TrainOptions& options);
void add_train_limits(CLI::App& app, training::TrainOptions& options);

}  // namespace sac::commands
