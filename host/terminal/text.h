// Text on a terminal: how wide it is, and its colours.
#pragma once

#include <string>
#include <string_view>

namespace sac::terminal {

struct Size {
  int columns, rows;
};

/// Of the terminal that standard output is, as it is now; 80 by 24 if it does not say.
Size size();

/// Takes away the cursor's line and all below it.
inline constexpr std::string_view kClearBelow = "\r\033[J";

/// Of the 256 colours that terminals share, such as look well on black and on white.
enum class Colour { faint = 245, frame = 240, blue = 33, orange = 208, green = 35, red = 167 };

/// Gives text its colours, or leaves it as it is: https://no-color.org.
struct Paint {
  bool colours = true;

  std::string operator()(Colour colour, std::string_view text) const;
};

/// Does the user want colours? NO_COLOR says no.
bool colours_wanted();

/// The columns that UTF-8 text takes, each of its characters one, escape sequences none.
int width(std::string_view text);

/// The text, with blanks after it up to so many columns; longer text is cut, and has lost its
/// colours then.
std::string fitted(std::string_view text, int columns);

}  // namespace sac::terminal
