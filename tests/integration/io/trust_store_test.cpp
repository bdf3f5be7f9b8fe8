#include "mcp/io/trust_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "mcp/io/spawn.hpp"
#include "tests/integration/io/environment_variable.hpp"
#include "tests/integration/io/test_certificates.hpp"

using namespace mcp;

TEST_CASE("trust store: a directory counts as hashed by its entries' names") {
  const TemporaryDirectory directory;
  const auto path = directory.path("");
  CHECK_FALSE(is_hashed_directory(path));
  CHECK_FALSE(is_hashed_directory("/no/such/directory"));
  for (const char* name : {"ca-certificates.crt", "Some_Root.pem", "5ed36f99", "5ED36F99.0"}) {
    std::ofstream(directory.path(name)) << "x";
  }
  CHECK_FALSE(is_hashed_directory(path));
  std::ofstream(directory.path("5ed36f99.0")) << "x";
  CHECK(is_hashed_directory(path));
}

TEST_CASE("trust store: the environment goes before the system's") {
  const EnvironmentVariable file("SSL_CERT_FILE", "/some/file.pem");
  const EnvironmentVariable directory("SSL_CERT_DIR", "/some/directory");
  const auto store = find_trust_store();
  CHECK(store.bundle == "/some/file.pem");
  CHECK(store.directory == "/some/directory");
}

TEST_CASE("program search: the first that can be executed, in the order of PATH") {
  const TemporaryDirectory first;
  const TemporaryDirectory second;
  std::ofstream(first.path("tool")) << "x";
  const auto path = first.path("") + ":/no/such:" + second.path("");
  CHECK(find_program("tool", path) == first.path("") + "/tool");
  std::ofstream(second.path("tool")) << "x";
  std::filesystem::permissions(second.path("tool"), std::filesystem::perms::owner_all);
  CHECK(find_program("tool", path) == second.path("") + "/tool");
  CHECK(find_program("other", path).empty());
  CHECK(find_program("./tool", path) == "./tool");
}
