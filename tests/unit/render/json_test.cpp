#include <doctest/doctest.h>

#include <array>

#include "cli/render/format.hpp"
#include "tests/unit/render/documents.hpp"

TEST_CASE("json: one target is its object") {
  CHECK(cli::render_json(std::array{healthy_document()}, {}) == "{\n  \"verdict\": \"ok\"\n}\n");
}

TEST_CASE("json: several targets are a list of reports beside the exit code") {
  CHECK(cli::render_json(std::array{healthy_document(), refused_document()}, {.exit_status = 3}) ==
        "{\n"
        "  \"schema_version\": 1,\n"
        "  \"exit_code\": 3,\n"
        "  \"reports\": [\n"
        "    {\n"
        "      \"verdict\": \"ok\"\n"
        "    },\n"
        "    {\n"
        "      \"verdict\": \"unreachable\"\n"
        "    }\n"
        "  ]\n"
        "}\n");
}
