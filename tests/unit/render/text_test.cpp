#include <doctest/doctest.h>

#include <array>

#include "cli/render/format.hpp"
#include "tests/unit/render/documents.hpp"

TEST_CASE("text: a healthy server is a verdict line and its phases, aligned") {
  CHECK(cli::render_text(std::array{healthy_document()}, {}) ==
        "OK http://localhost:3000/mcp: everything 1.0.0 lists 2 tools, 12.5 ms\n"
        "\n"
        "  connect     0.25 ms  127.0.0.1\n"
        "  handshake     12 ms  legacy era\n"
        "  tools             -  not offered by the server\n"
        "  total       12.5 ms\n");
}

TEST_CASE("text: a failure is told once, then what to do, then where it was") {
  CHECK(cli::render_text(std::array{refused_document()}, {}) ==
        "UNREACHABLE http://[::1]:1/a,b: connect: <refused> & \"100%\" | gone\n"
        "  is it running: yes\\no?\n"
        "\n"
        "  resolve           -\n"
        "  connect       1.5 s  FAILED\n"
        "  total         1.5 s\n");
}

TEST_CASE("text: all findings but the one of the first line follow it") {
  CHECK(cli::render_text(std::array{unhealthy_document()}, {}) ==
        "UNHEALTHY @prod: 3 tools are missing (and 1 more error)\n"
        "  roll back\n"
        "  error: a twice [tools.duplicate]\n"
        "  warning: expires in 2 days [certificate.expiry]\n"
        "    renew it\n"
        "  notice: odd thing [odd]\n"
        "\n"
        "  handshake      5 ms\n"
        "  close          1 ms  FAILED: DELETE: HTTP 500\n"
        "  total          6 ms\n");
}

TEST_CASE("text: colour marks the verdict and what failed, nothing else") {
  const auto text = cli::render_text(std::array{refused_document()}, {.colour = cli::Colour::ansi});
  CHECK(text ==
        "\x1b[1;31mUNREACHABLE\x1b[0m http://[::1]:1/a,b: connect: <refused> & \"100%\" | gone\n"
        "  is it running: yes\\no?\n"
        "\n"
        "  resolve           -\n"
        "  connect       1.5 s  \x1b[1;31mFAILED\x1b[0m\n"
        "  total         1.5 s\n");
}

TEST_CASE("text: several targets are a table under their sum") {
  CHECK(cli::render_text(std::array{healthy_document(), refused_document()}, {}) ==
        "NOT OK: 1 of 2 targets\n"
        "OK             12.5 ms  http://localhost:3000/mcp  "
        "everything 1.0.0 lists 2 tools, 12.5 ms\n"
        "UNREACHABLE      1.5 s  http://[::1]:1/a,b         "
        "connect: <refused> & \"100%\" | gone\n"
        "                        is it running: yes\\no?\n");
  CHECK(cli::render_text(std::array{healthy_document(), healthy_document()}, {})
            .starts_with("OK: all 2 targets\n"));
}
