#include "mcp/auth/token_source.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

using mcp::ErrorKind;

namespace {

/// A directory of its own, gone with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "mcpctl-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("token source: the blanks around a token in a file are dropped") {
  const TemporaryDirectory directory;
  const auto source = mcp::make_file_token_source(directory.write("token", " \tabc.DEF-1\r\n\n"));
  CHECK(source->token().value() == "abc.DEF-1");
}

TEST_CASE("token source: a file that was changed is read again") {
  const TemporaryDirectory directory;
  const auto source = mcp::make_file_token_source(directory.write("token", "first"));
  CHECK(source->token().value() == "first");
  directory.write("token", "second");
  CHECK(source->token().value() == "second");
}

TEST_CASE("token source: a file that is missing is named, with the reason") {
  const auto token = mcp::make_file_token_source("/nowhere/token")->token();
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().kind == ErrorKind::usage);
  CHECK(token.error().message == "token file \"/nowhere/token\": No such file or directory");
}

TEST_CASE("token source: a directory in place of the file is an error") {
  const TemporaryDirectory directory;
  const auto token = mcp::make_file_token_source(directory.path())->token();
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().message == "token file \"" + directory.path() + "\": Is a directory");
}

TEST_CASE("token source: an empty file is an error") {
  const TemporaryDirectory directory;
  const auto path = directory.write("token", "\n");
  const auto token = mcp::make_file_token_source(path)->token();
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().message == "token file \"" + path + "\" holds no token");
}

TEST_CASE("token source: a token that would break out of its field is refused and not shown") {
  for (const char* bad : {"secret\r\nX-Evil: 1", "Bearer secret", "secret\x7f", "secr\xc3\xa9t"}) {
    CAPTURE(bad);
    const auto token = mcp::make_fixed_token_source(bad, "MY_TOKEN")->token();
    REQUIRE_FALSE(token.has_value());
    CHECK(token.error().kind == ErrorKind::usage);
    CHECK(token.error().message ==
          "environment variable MY_TOKEN holds blanks or other characters that no bearer token "
          "has");
    CHECK_FALSE((token.error().message + token.error().hint).contains("secr"));
  }
}

TEST_CASE("token source: a file without end is read as far as the limit only") {
  const auto token = mcp::make_file_token_source("/dev/zero")->token();
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().message ==
        "token file \"/dev/zero\" is longer than the limit of 65536 bytes");
}

TEST_CASE("token source: a fixed token is given as it was read from the environment") {
  CHECK(mcp::make_fixed_token_source("abc", "MY_TOKEN")->token().value() == "abc");
}

TEST_CASE("token source: an environment variable without a token is named") {
  const auto token = mcp::make_fixed_token_source("", "MY_TOKEN")->token();
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().message == "environment variable MY_TOKEN holds no token");
}
