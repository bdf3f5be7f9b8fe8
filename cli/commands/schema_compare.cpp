#include <fmt/format.h>

#include <optional>
#include <ostream>
#include <utility>

#include "cli/commands/schema.hpp"
#include "cli/commands/schema_batch.hpp"
#include "cli/commands/schema_source.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"
#include "mcp/schema/inclusion.hpp"

namespace cli {
namespace {

using mcp::schema::Inclusion;
using mcp::schema::Schema;
using mcp::schema::Verdict;

enum class Direction { input, output };

mcp::Result<Direction> parse_direction(std::string_view name) {
  if (name == "input") return Direction::input;
  if (name == "output") return Direction::output;
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("--direction: unknown direction {}", mcp::quoted(name, 40)),
                   "choose input (for arguments) or output (for results)");
}

mcp::Result<mcp::Duration> parse_time(std::string_view option, const std::string& given,
                                      mcp::Duration otherwise) {
  if (given.empty()) return otherwise;
  const auto time = mcp::parse_duration(given);
  if (time) return time;
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", option, time.error().message),
                   time.error().hint);
}

/// Arguments must stay accepted, so OLD lies in NEW; of results none may be new.
Inclusion compare_until(const Schema& old_one, const Schema& new_one, Direction direction,
                        mcp::TimePoint deadline, mcp::Duration time) {
  mcp::schema::InclusionLimits limits;
  // The steps are there to bound who has no clock; here the time decides.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  limits.steps *= static_cast<std::size_t>(std::clamp<std::int64_t>(seconds, 1, 1000));
  limits.expired = [deadline] { return mcp::Clock::now() >= deadline; };
  const bool input = direction == Direction::input;
  auto inclusion =
      mcp::schema::compare(input ? old_one : new_one, input ? new_one : old_one, limits);
  if (inclusion.verdict == Verdict::undecided && mcp::Clock::now() >= deadline) {
    inclusion.reason =
        fmt::format("neither a proof nor a witness within {}", mcp::format_duration(time));
  }
  return inclusion;
}

std::string_view word_for(Verdict verdict) {
  if (verdict == Verdict::included) return "safe";
  return verdict == Verdict::not_included ? "breaking" : "undecided";
}

std::string painted(std::string_view text, Verdict verdict, bool colour) {
  if (!colour) return std::string(text);
  const auto* code = verdict == Verdict::included       ? "32"
                     : verdict == Verdict::not_included ? "31"
                                                        : "33";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string headline(Verdict verdict, Direction direction, bool colour) {
  const bool input = direction == Direction::input;
  if (verdict == Verdict::included) {
    return painted("SAFE", verdict, colour) +
           (input ? " input: NEW accepts all that OLD accepts\n"
                  : " output: NEW allows nothing that OLD forbids\n");
  }
  if (verdict == Verdict::undecided) {
    return painted("UNDECIDED", verdict, colour) + (input ? " input: " : " output: ");
  }
  return painted("BREAKING", verdict, colour) +
         (input ? " input: NEW rejects something that OLD accepts\n"
                : " output: NEW allows something that OLD rejects\n");
}

std::string text_report(const Inclusion& inclusion, Direction direction, bool colour) {
  auto text = headline(inclusion.verdict, direction, colour);
  if (inclusion.verdict == Verdict::undecided) {
    return text + inclusion.reason + "\n  do not take it for safe: somebody has to look at it\n";
  }
  if (!inclusion.witness || !inclusion.violation) return text;
  constexpr std::size_t longest = 2000;
  const auto& violation = *inclusion.violation;
  const auto place = violation.instance.empty() ? "the whole of it" : violation.instance;
  text += fmt::format("  witness   {}\n",
                      mcp::excerpt(visible_json(inclusion.witness->text()), longest));
  text += fmt::format("  fails at  {}\n", mcp::excerpt(place, longest));
  text += fmt::format("  because   {}\n", mcp::excerpt(violation.message, longest));
  text += fmt::format("  keyword   {} of {}\n", mcp::excerpt(violation.schema, longest),
                      direction == Direction::input ? "NEW" : "OLD");
  return text;
}

JsonMembers json_report(const Inclusion& inclusion, Direction direction) {
  JsonMembers members;
  members.add("verdict", word_for(inclusion.verdict));
  members.add("direction", direction == Direction::input ? "input" : "output");
  if (inclusion.witness) members.add("witness", *inclusion.witness);
  if (inclusion.violation) {
    members.add("fails_at", inclusion.violation->instance);
    members.add("keyword", inclusion.violation->schema);
    members.add("because", inclusion.violation->message);
  }
  if (inclusion.verdict == Verdict::undecided) members.add("reason", inclusion.reason);
  return members;
}

double millis_since(mcp::TimePoint start) {
  return std::chrono::duration<double, std::milli>(mcp::Clock::now() - start).count();
}

mcp::Result<void> judge_case(const mcp::schema::Value& line, const SchemaOptions& options,
                             mcp::Duration time, JsonMembers& members) {
  const auto start = mcp::Clock::now();
  const auto named = text_of(line, "direction", options.direction);
  if (!named) return std::unexpected(named.error());
  const auto direction = parse_direction(*named);
  if (!direction) return std::unexpected(direction.error());
  const auto original = schema_of(line, "original", options.dialect);
  if (!original) return std::unexpected(original.error());
  const auto updated = schema_of(line, "updated", options.dialect);
  if (!updated) return std::unexpected(updated.error());
  const auto inclusion = compare_until(*original, *updated, *direction, start + time, time);
  members.add("verdict", word_for(inclusion.verdict));
  if (inclusion.witness) members.add("witness", *inclusion.witness);
  if (inclusion.verdict == Verdict::undecided) members.add("reason", inclusion.reason);
  members.add_millis("millis", millis_since(start));
  return {};
}

mcp::Result<ExitCode> run_batch(const SchemaOptions& options, Invocation& invocation) {
  const auto time = parse_time("--case-timeout", options.case_timeout, std::chrono::seconds(1));
  if (!time) return std::unexpected(time.error());
  const JudgeCase judge = [&options, &time](const mcp::schema::Value& line, JsonMembers& members) {
    return judge_case(line, options, *time, members);
  };
  JsonMembers on_error;
  on_error.add("verdict", word_for(Verdict::undecided));
  return run_schema_batch(options.batch, invocation, judge, on_error);
}

}  // namespace

mcp::Result<ExitCode> run_schema_compare(const SchemaOptions& options, Invocation& invocation) {
  const auto direction = parse_direction(options.direction);
  if (!direction) return std::unexpected(direction.error());
  const auto time = parse_time("--timeout", options.timeout, std::chrono::seconds(10));
  if (!time) return std::unexpected(time.error());
  if (!options.batch.empty()) return run_batch(options, invocation);
  const auto old_one = take_schema(invocation, "the OLD schema", options.dialect);
  if (!old_one) return std::unexpected(old_one.error());
  const auto new_one = take_schema(invocation, "the NEW schema", options.dialect);
  if (!new_one) return std::unexpected(new_one.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto inclusion =
      compare_until(old_one->schema, new_one->schema, *direction, mcp::Clock::now() + *time, *time);
  World& world = invocation.world;
  world.out << (options.output.is_json()
                    ? json_report(inclusion, *direction).document()
                    : text_report(inclusion, *direction, world.colour_on_out()));
  return inclusion.verdict == Verdict::included ? ExitCode::ok : ExitCode::findings;
}

}  // namespace cli
