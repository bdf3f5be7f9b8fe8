#pragma once

#include <functional>
#include <string>

#include "cli/command.hpp"
#include "cli/json_members.hpp"
#include "mcp/schema/schema.hpp"

namespace cli {

/// Judges one case: adds what is printed of it, but for its id.
using JudgeCase =
    std::function<mcp::Result<void>(const mcp::schema::Value& line, JsonMembers& members)>;

/// Runs the cases of a file, or of `-`, one a line. A case gives a line of output at once, in
/// order, whatever it is: {"id", `on_error`…, "error"} where it cannot be judged, and exit code 2
/// then.
mcp::Result<ExitCode> run_schema_batch(const std::string& file, Invocation& invocation,
                                       const JudgeCase& judge, const JsonMembers& on_error = {});

/// The member of that name; a usage error when there is none.
mcp::Result<mcp::schema::Value> member_of(const mcp::schema::Value& line, std::string_view name);
/// The member as a schema, in the dialect of the line's `dialect`, else `dialect`.
mcp::Result<mcp::schema::Schema> schema_of(const mcp::schema::Value& line, std::string_view name,
                                           std::string_view dialect);
/// The member as text, which may be missing.
mcp::Result<std::string> text_of(const mcp::schema::Value& line, std::string_view name,
                                 std::string_view otherwise);

}  // namespace cli
