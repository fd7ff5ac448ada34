// A scene in a terminal: eight dots to a character.
#pragma once

#include <string>
#include <vector>

#include "host/play/scene.h"

namespace sac::play {

/// `rows` lines of `columns` characters, UTF-8, with the escape sequences of their colours; each
/// ends with the terminal's own colour. The scene is as large as fits, in the middle; a stroke is
/// seen however thin it is. Characters are taken to be twice as high as wide.
std::vector<std::string> braille(const Scene& scene, int columns, int rows);

}  // namespace sac::play
