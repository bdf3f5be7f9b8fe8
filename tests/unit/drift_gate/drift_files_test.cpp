#include "cli/drift_files.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace {

/// A file that goes away with its directory.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "mcpctl-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    path_ = directory_ / name;
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// An error without the directory.
  std::string told(const mcp::Error& error) const {
    CHECK(error.kind == mcp::ErrorKind::usage);
    const auto prefix = directory_.string() + "/";
    auto text = error.message + (error.hint.empty() ? "" : " | " + error.hint);
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
    return text;
  }

 private:
  std::filesystem::path directory_;
  std::filesystem::path path_;
};

std::string rules_error(const std::string& text) {
  const TemporaryFile file("rules.yaml", text);
  const auto read = cli::read_rule_settings(file.path());
  REQUIRE_FALSE(read.has_value());
  return file.told(read.error());
}

std::string approvals_error(const std::string& text) {
  const TemporaryFile file("ok.yaml", text);
  const auto read = cli::read_approvals(file.path());
  REQUIRE_FALSE(read.has_value());
  return file.told(read.error());
}

}  // namespace

TEST_CASE("drift files: rules are read from YAML and from JSON") {
  for (const char* text : {"rules:\n  tool-added: breaking\n  tool-removed: off\n",
                           R"({"rules": {"tool-added": "breaking", "tool-removed": "off"}})"}) {
    const TemporaryFile file("rules", text);
    const auto read = cli::read_rule_settings(file.path());
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 2);
    CHECK((*read)[0].rule == "tool-added");
    CHECK((*read)[0].severity == probes::drift::Severity::breaking);
    CHECK((*read)[1].rule == "tool-removed");
    CHECK_FALSE((*read)[1].severity.has_value());
  }
}

TEST_CASE("drift files: a mistake among the rules names file, line and what was meant") {
  CHECK(rules_error("rules:\n  tool-added: safe\n  tool-remove: off\n") ==
        "rules.yaml:3: unknown rule \"tool-remove\" | did you mean tool-removed?");
  CHECK(rules_error("rules:\n  zzzzzzzzzzzzzzzzzzzzzz: off\n") ==
        "rules.yaml:2: unknown rule \"zzzzzzzzzzzzzzzzzzzzzz\" | 'mcpctl diff --list-rules' lists "
        "them");
  CHECK(rules_error("rules:\n  tool-added: braking\n") ==
        "rules.yaml:2: tool-added: unknown severity \"braking\" | did you mean breaking?");
  CHECK(rules_error("rules:\n  tool-added: safe\n  tool-added: off\n") ==
        "rules.yaml:3: \"tool-added\" stands here twice");
  CHECK(rules_error("rule: {}\n") == "rules.yaml:1: unknown key \"rule\" | did you mean rules?");
  CHECK(rules_error("- a\n") == "rules.yaml:1: a mapping is expected here, with rules");
  CHECK(rules_error("rules: [a]\n") == "rules.yaml:1: \"rules\" is not a mapping");
  CHECK(rules_error("{}\n") == "rules.yaml:1: \"rules\" is missing");
  CHECK(rules_error("rules:\n  a: [\n").starts_with("rules.yaml:3: is neither YAML nor JSON: "));
}

TEST_CASE("drift files: a file that is not there is told as such") {
  const auto read = cli::read_rule_settings("/nonexistent/rules.yaml");
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message == "/nonexistent/rules.yaml: No such file or directory");
}

TEST_CASE("drift files: approvals are read with fingerprint, reason and expiry") {
  const TemporaryFile file("ok.yaml",
                           "approvals:\n"
                           "  - fingerprint: 0123456789012345\n"
                           "    reason: announced\n"
                           "    expires: 2028-02-29\n");
  const auto read = cli::read_approvals(file.path());
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 1);
  CHECK(read->front().fingerprint == "0123456789012345");
  CHECK(read->front().reason == "announced");
  CHECK(read->front().expires == "2028-02-29");
}

TEST_CASE("drift files: no approvals at all is a list, too") {
  const TemporaryFile file("ok.yaml", "approvals:\n");
  const auto read = cli::read_approvals(file.path());
  REQUIRE(read.has_value());
  CHECK(read->empty());
}

TEST_CASE("drift files: an approval without reason or expiry, or with a bad one, is refused") {
  const std::string head = "approvals:\n  - fingerprint: 0123456789abcdef\n";
  CHECK(approvals_error(head + "    expires: 2027-01-01\n") ==
        "ok.yaml:2: the approval has no \"reason\"");
  CHECK(approvals_error(head + "    reason: fine\n") ==
        "ok.yaml:2: the approval has no \"expires\"");
  CHECK(approvals_error(head + "    reason: ' '\n    expires: 2027-01-01\n") ==
        "ok.yaml:3: \"reason\" is empty");
  CHECK(approvals_error(head + "    reason: fine\n    expires: 2027-02-29\n") ==
        "ok.yaml:4: \"2027-02-29\" is no date | write it as YYYY-MM-DD");
  CHECK(approvals_error(head + "    reason: fine\n    expires: next week\n") ==
        "ok.yaml:4: \"next week\" is no date | write it as YYYY-MM-DD");
  CHECK(approvals_error(head + "    reason: fine\n    expiry: 2027-01-01\n") ==
        "ok.yaml:4: unknown key \"expiry\" | did you mean expires?");
  CHECK(approvals_error("approvals:\n  - fingerprint: 0123\n    reason: a\n    expires: b\n") ==
        "ok.yaml:2: \"0123\" is no fingerprint | 16 hexadecimal digits, as 'mcpctl diff' prints "
        "them");
}
