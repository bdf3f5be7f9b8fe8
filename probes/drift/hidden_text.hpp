#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace probes::drift {

/// A character that a person who reads the text does not see, and a model does.
struct HiddenCharacter {
  char32_t value = 0;
  std::string_view what;     // "right-to-left override"
  std::size_t position = 0;  // in characters, from 1
};

/// Invisible and direction-changing characters, tags, controls other than tab and line ends. Not
/// those that writing needs: a joiner inside an emoji or between letters of a script that joins,
/// and the presentation selectors after a symbol.
std::vector<HiddenCharacter> hidden_characters(std::string_view text);

/// What the tag characters (U+E0020 to U+E007E) in the text spell in ASCII.
std::string tag_message(std::string_view text);

}  // namespace probes::drift
