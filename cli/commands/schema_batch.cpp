#include "cli/commands/schema_batch.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <istream>
#include <ostream>
#include <system_error>

#include "cli/commands/schema_source.hpp"
#include "cli/conversation.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using mcp::schema::Value;

mcp::Result<void> judge_line(const std::string& text, const JudgeCase& judge, JsonMembers& members,
                             Value& id) {
  const auto line = mcp::schema::parse_value(text);
  if (!line) return std::unexpected(line.error());
  if (!line->is(mcp::schema::Type::object)) {
    return mcp::fail(mcp::ErrorKind::usage, "a case is a JSON object");
  }
  if (const Value* given = line->find("id")) id = *given;
  return judge(*line, members);
}

std::string answer_to(const std::string& text, std::size_t number, const JudgeCase& judge,
                      const JsonMembers& on_error, bool& failed) {
  Value id;
  JsonMembers members;
  const auto judged = judge_line(text, judge, members, id);
  JsonMembers answer;
  answer.add("id", id);
  if (judged) return answer.add(members).line();
  failed = true;
  const auto why = judged.error().hint.empty()
                       ? judged.error().message
                       : fmt::format("{}; {}", judged.error().message, judged.error().hint);
  answer.add(on_error);
  return answer.add("error", fmt::format("line {}: {}", number, why)).line();
}

ExitCode run_lines(std::istream& in, World& world, const JudgeCase& judge,
                   const JsonMembers& on_error) {
  bool failed = false;
  std::size_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (mcp::trim(text).empty()) continue;
    world.out << answer_to(text, number, judge, on_error, failed) << std::flush;
    if (!world.out) break;
  }
  return failed ? ExitCode::usage : ExitCode::ok;
}

}  // namespace

mcp::Result<ExitCode> run_schema_batch(const std::string& file, Invocation& invocation,
                                       const JudgeCase& judge, const JsonMembers& on_error) {
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  World& world = invocation.world;
  if (file == "-") return run_lines(world.in, world, judge, on_error);
  errno = 0;
  std::ifstream lines(file, std::ios::binary);
  if (!lines || lines.peek() == std::ifstream::traits_type::eof()) {
    const auto why = errno == 0 ? "is empty" : std::generic_category().message(errno);
    return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(file), why));
  }
  return run_lines(lines, world, judge, on_error);
}

mcp::Result<Value> member_of(const Value& line, std::string_view name) {
  if (const Value* found = line.find(name)) return *found;
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("the case has no {}", name));
}

mcp::Result<std::string> text_of(const Value& line, std::string_view name,
                                 std::string_view otherwise) {
  const Value* found = line.find(name);
  if (found == nullptr) return std::string(otherwise);
  if (found->is(mcp::schema::Type::string)) return found->string();
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{} must be a string", name));
}

mcp::Result<mcp::schema::Schema> schema_of(const Value& line, std::string_view name,
                                           std::string_view otherwise) {
  const auto named = text_of(line, "dialect", otherwise);
  if (!named) return std::unexpected(named.error());
  const auto dialect = parse_dialect(*named);
  if (!dialect) return std::unexpected(dialect.error());
  const auto document = member_of(line, name);
  if (!document) return std::unexpected(document.error());
  mcp::schema::CompileOptions options;
  options.dialect = *dialect;
  auto schema = mcp::schema::Schema::compile(*document, options);
  if (schema) return schema;
  auto error = schema.error();
  error.message = fmt::format("{}: {}", name, error.message);
  return std::unexpected(std::move(error));
}

}  // namespace cli
