#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "mcp/schema/validator.hpp"
#include "tests/unit/schema/test_data.hpp"

namespace mcp::schema {
namespace {

namespace fs = std::filesystem;

/// The suite's remotes, by the URI under which its tests name them.
Documents remotes(const fs::path& folder) {
  Documents documents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    auto document = parse_value(test::read_file(entry.path()));
    REQUIRE(document.has_value());
    const auto name = fs::relative(entry.path(), folder).generic_string();
    documents.emplace("http://localhost:1234/" + name, std::move(*document));
  }
  return documents;
}

struct Count {
  std::size_t right = 0;
  std::vector<std::string> wrong;
};

void run_group(const Value& group, const CompileOptions& options, const std::string& file,
               Count& count) {
  const auto schema = Schema::compile(*group.find("schema"), options);
  for (const auto& test : group.find("tests")->array()) {
    const auto name = fmt::format("{}: {}: {}", file, group.find("description")->string(),
                                  test.find("description")->string());
    if (!schema) {
      count.wrong.push_back(name + ": " + schema.error().message);
      continue;
    }
    const auto accepted = Validator(*schema).accepts(*test.find("data"));
    if (!accepted) {
      count.wrong.push_back(name + ": " + accepted.error().message);
    } else if (*accepted != test.find("valid")->boolean()) {
      count.wrong.push_back(name + (*accepted ? ": accepted" : ": rejected"));
    } else {
      ++count.right;
    }
  }
}

Count run_suite(const fs::path& root, std::string_view draft, Dialect dialect) {
  const CompileOptions options{
      .dialect = dialect, .documents = remotes(root / "remotes"), .base_uri = {}};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(root / "tests" / draft)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  Count count;
  for (const auto& file : files) {
    const auto groups = parse_value(test::read_file(file));
    REQUIRE(groups.has_value());
    for (const auto& group : groups->array()) {
      run_group(group, options, file.filename().string(), count);
    }
  }
  return count;
}

void check_suite(std::string_view draft, Dialect dialect, std::size_t at_least) {
  const auto root = test::shared_data("json-schema-test-suite", "MCPCTL_JSON_SCHEMA_SUITE");
  if (!root) return;
  const auto count = run_suite(*root, draft, dialect);
  MESSAGE(draft, ": ", count.right, " right, ", count.wrong.size(), " wrong");
  for (const auto& each : count.wrong) FAIL_CHECK(each);
  CHECK(count.right >= at_least);
}

TEST_CASE("suite: all required tests of draft 2020-12 pass") {
  check_suite("draft2020-12", {.draft = Dialect::Draft::draft2020_12}, 1200);
}

TEST_CASE("suite: all required tests of draft-07 pass") {
  check_suite("draft7", {.draft = Dialect::Draft::draft7}, 900);
}

}  // namespace
}  // namespace mcp::schema
