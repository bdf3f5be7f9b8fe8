#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "cli/world.hpp"

namespace cli {

enum class Indent { none, two };

/// A JSON text with the characters that could deceive a terminal (see text.hpp) written as \uXXXX;
/// what is no UTF-8 must not stand in it.
std::string visible_json(const std::string& json);

/// The JSON text of a value that came from a server: the same value, with the characters that could
/// deceive a terminal (see text.hpp) written as \uXXXX.
std::string json_text(const nlohmann::json& value, Indent indent = Indent::none);

/// Prints {"schema_version": 1, MEMBERS…}; `members` is an object.
void print_json(World& world, const nlohmann::json& members, Indent indent = Indent::two);

}  // namespace cli
