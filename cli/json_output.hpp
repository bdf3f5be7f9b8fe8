#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "cli/world.hpp"

namespace cli {

enum class Indent { none, two };

/// The JSON text of a value that came from a server: the same value, with the characters that could
/// deceive a terminal (see text.hpp) written as \uXXXX.
std::string json_text(const nlohmann::json& value, Indent indent = Indent::none);

/// A JSON text with those characters written so; what is no UTF-8 must not stand in it.
std::string safe_json(const std::string& text);

/// Prints {"schema_version": 1, MEMBERS…}; `members` is an object.
void print_json(World& world, const nlohmann::json& members, Indent indent = Indent::two);

}  // namespace cli
