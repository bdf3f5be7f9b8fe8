#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mcp/schema/inclusion.hpp"
#include "tests/unit/drift_schema/drift_schema.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Schema;
using mcp::schema::Value;
using mcp::schema::Verdict;
namespace fs = std::filesystem;

std::optional<fs::path> shared(const std::string& name) {
  for (const auto* const beside : {"../shared", "../../shared"}) {
    auto path = fs::path(beside) / name;
    if (fs::exists(path)) return path;
  }
  MESSAGE("SKIPPED: no ", name, " in ../shared");
  return std::nullopt;
}

/// The case's dialect, written into the schema, as schema_changes knows no other way.
Value in_dialect(const Value& schema, const std::string& dialect) {
  if (dialect == "2020-12" || !schema.is(mcp::schema::Type::object)) return schema;
  auto members = schema.object();
  members.try_emplace("$schema",
                      std::string(dialect == "draft7" ? "http://json-schema.org/draft-07/schema#"
                                                      : "http://json-schema.org/draft-04/schema#"));
  return Value(std::move(members));
}

// A build with sanitizers looks for faults, and takes one case of so many.
#ifdef NDEBUG
constexpr std::size_t one_of = 1;
#else
constexpr std::size_t one_of = 10;
#endif

struct Disagreements {
  std::vector<std::string> ids;
  std::vector<std::string> unproved;
  std::size_t asked = 0;
  std::size_t breaking = 0;
  std::size_t unexplained = 0;  // breaking, and no keyword was found to blame
};

std::string verdict_text(Verdict verdict) {
  return verdict == Verdict::included       ? "included"
         : verdict == Verdict::not_included ? "not included"
                                            : "undecided";
}

void ask(const std::string& id, const Value& older, const Value& newer, Direction direction,
         Disagreements& out) {
  const auto old_schema = Schema::compile(older);
  const auto new_schema = Schema::compile(newer);
  REQUIRE_MESSAGE(old_schema.has_value(), id);
  REQUIRE_MESSAGE(new_schema.has_value(), id);
  const bool input = direction == Direction::input;
  const auto verdict =
      compare(input ? *old_schema : *new_schema, input ? *new_schema : *old_schema).verdict;
  const auto changes = test::changes_of(older, newer, direction);
  ++out.asked;
  const bool breaking = test::has_break(changes);
  if (breaking) ++out.breaking;
  const bool whole_only = std::ranges::any_of(changes, [](const Change& each) {
    return each.severity == Severity::breaking && each.pointer == "/tools/t/inputSchema";
  });
  if (whole_only) ++out.unexplained;
  // The search for parts may find a witness where the search for the whole gave up.
  const bool agrees =
      verdict == Verdict::undecided || breaking == (verdict == Verdict::not_included);
  if (!agrees) out.ids.push_back(id + ": " + verdict_text(verdict));
  const auto problem = test::unproved(changes, older, newer);
  if (!problem.empty()) out.unproved.push_back(id + ": " + problem);
  const bool silent = verdict == Verdict::undecided && !breaking &&
                      std::ranges::none_of(changes, [](const Change& each) {
                        return each.severity == Severity::dangerous;
                      });
  if (silent) out.ids.push_back(id + ": undecided, but nothing said");
}

TEST_CASE("schema changes: agree with the inclusion test in every case of the corpus") {
  const auto folder = shared("drift-cases");
  if (!folder) return;
  std::ifstream file(*folder / "cases.jsonl");
  Disagreements out;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    if (number++ % one_of != 0) continue;
    const auto each = test::json(line);
    const auto id = each.find("id")->string();
    const auto dialect = each.find("dialect")->string();
    const auto older = in_dialect(*each.find("original"), dialect);
    const auto newer = in_dialect(*each.find("updated"), dialect);
    ask(id, older, newer, Direction::input, out);
    ask(id + " (output)", newer, older, Direction::output, out);
  }
  MESSAGE(out.asked, " pairs, ", out.breaking, " breaking, of which ", out.unexplained,
          " only as a whole");
  for (const auto& id : out.ids) CHECK_MESSAGE(false, id);
  for (const auto& id : out.unproved) CHECK_MESSAGE(false, id);
  CHECK(out.asked > 0);
  CHECK(out.unexplained * 20 < out.breaking);
}

Value tools_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const auto document = test::json(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto* tools = document.find("tools");
  REQUIRE_MESSAGE(tools != nullptr, path.string());
  return *tools;
}

/// All versions of one server against each other, forth and back.
void compare_versions(const std::vector<fs::path>& versions, Disagreements& out) {
  for (const auto& one : versions) {
    for (const auto& two : versions) {
      if (one == two) continue;
      const auto old_tools = tools_of(one);
      const auto new_tools = tools_of(two);
      std::map<std::string, Value> older;
      for (const auto& tool : old_tools.array()) older.emplace(tool.find("name")->string(), tool);
      for (const auto& tool : new_tools.array()) {
        const auto& name = tool.find("name")->string();
        const auto before = older.find(name);
        if (before == older.end()) continue;
        const auto* const schema = "inputSchema";
        const auto id = two.string() + " " + name;
        ask(id, *before->second.find(schema), *tool.find(schema), Direction::input, out);
        ask(id, *before->second.find(schema), *tool.find(schema), Direction::output, out);
        const auto changes = test::changes_of(*before->second.find(schema), *tool.find(schema),
                                              Direction::input, "tool");
        const auto problem =
            test::unproved(changes, *before->second.find(schema), *tool.find(schema));
        CHECK_MESSAGE(problem.empty(), id, " ", problem);
      }
    }
  }
}

TEST_CASE("schema changes: agree with the inclusion test for the tools of real servers") {
  const auto folder = shared("drift-real");
  if (!folder) return;
  Disagreements out;
  for (const auto& server : fs::directory_iterator(*folder)) {
    std::vector<fs::path> versions;
    for (const auto& file : fs::directory_iterator(server.path())) {
      const auto name = file.path().filename().string();
      if (name.ends_with(".json") && !name.ends_with(".meta.json")) versions.push_back(file.path());
    }
    compare_versions(versions, out);
  }
  MESSAGE(out.asked, " pairs, ", out.breaking, " breaking, of which ", out.unexplained,
          " only as a whole");
  for (const auto& id : out.ids) CHECK_MESSAGE(false, id);
  for (const auto& id : out.unproved) CHECK_MESSAGE(false, id);
  CHECK(out.asked > 300);
}

}  // namespace
}  // namespace probes::drift
