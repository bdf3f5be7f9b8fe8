#pragma once

#include <map>
#include <set>
#include <string>

#include "mcp/schema/value.hpp"

namespace probes::drift {

using NameSet = std::set<std::string, std::less<>>;

/// The strings of an array; empty for anything else.
NameSet names_in(const mcp::schema::Value* array);
mcp::schema::Value array_of(const NameSet& names);
/// The keys of an object; empty for anything else.
NameSet keys_of(const mcp::schema::Value* object);

/// Guesses which of the properties that went came back under another name: the same schema but for
/// texts, and a name or a description that tells so. From the old name to the new one.
std::map<std::string, std::string> renamed_properties(const mcp::schema::Value* older,
                                                      const mcp::schema::Value* newer);

}  // namespace probes::drift
