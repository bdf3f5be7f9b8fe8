#include <fmt/format.h>

#include <ostream>

#include "cli/commands/schema.hpp"
#include "cli/commands/schema_batch.hpp"
#include "cli/commands/schema_source.hpp"
#include "cli/conversation.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/validator.hpp"

namespace cli {
namespace {

using mcp::schema::Validator;
using mcp::schema::Violation;

mcp::Result<void> judge_case(const mcp::schema::Value& line, const SchemaOptions& options,
                             JsonMembers& members) {
  auto schema = schema_of(line, "schema", options.dialect);
  if (!schema) return std::unexpected(schema.error());
  const auto instance = member_of(line, "instance");
  if (!instance) return std::unexpected(instance.error());
  const auto valid = Validator(std::move(*schema)).accepts(*instance);
  if (!valid) return std::unexpected(valid.error());
  members.add_flag("valid", *valid);
  return {};
}

std::string text_report(const std::optional<Violation>& violation, bool colour) {
  const auto paint = [colour](const char* text, const char* code) {
    return colour ? fmt::format("\x1b[1;{}m{}\x1b[0m", code, text) : std::string(text);
  };
  if (!violation) return paint("VALID", "32") + '\n';
  const auto place =
      violation->instance.empty() ? "the whole of it" : mcp::printable(violation->instance);
  return fmt::format("{} at {}: {}\n  keyword  {}\n", paint("INVALID", "31"), place,
                     mcp::printable(violation->message), mcp::printable(violation->schema));
}

std::string json_report(const std::optional<Violation>& violation) {
  JsonMembers members;
  members.add_flag("valid", !violation.has_value());
  if (violation) {
    members.add("fails_at", violation->instance);
    members.add("keyword", violation->schema);
    members.add("because", violation->message);
  }
  return members.document();
}

}  // namespace

mcp::Result<ExitCode> run_schema_validate(const SchemaOptions& options, Invocation& invocation) {
  if (!options.batch.empty()) {
    const JudgeCase judge = [&options](const mcp::schema::Value& line, JsonMembers& members) {
      return judge_case(line, options, members);
    };
    return run_schema_batch(options.batch, invocation, judge);
  }
  auto schema = take_schema(invocation, "the SCHEMA", options.dialect);
  if (!schema) return std::unexpected(schema.error());
  const auto instance = take_json(invocation, "the INSTANCE");
  if (!instance) return std::unexpected(instance.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto checked = Validator(std::move(schema->schema)).check(instance->value);
  World& world = invocation.world;
  if (!checked) {
    print_error(world, checked.error());
    return ExitCode::findings;  // not known to be valid
  }
  world.out << (options.output.is_json() ? json_report(*checked)
                                         : text_report(*checked, world.colour_on_out()));
  return *checked ? ExitCode::findings : ExitCode::ok;
}

}  // namespace cli
