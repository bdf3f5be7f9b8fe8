#include <doctest/doctest.h>

#include "cli/render/drift/format.hpp"
#include "tests/unit/render/drift_documents.hpp"

TEST_CASE("drift text: the verdict comes first, then each item, worst first, and what it costs") {
  CHECK(cli::render_drift_text(drift_document(), {.width = 80}) ==
        R"x(BREAKING: 1 breaking, 1 dangerous, 1 safe · old.json → new.json
shop 1.0.0 → 1.1.0

tool search
  breaking  tool-removed  /inputSchema/properties/limit/maximum  85b0b1adf2a7568f
    Calls with a limit above 10 are rejected now.
    100 → 10
    witness {"limit":11}
            accepted before, rejected now at /limit: must be at most 10
  dangerous tool-description-changed  /description  ab340035d72753ec
    The description changed, which is what a model reads.
    …them in the order of their price. → …them in the order of their age.

safe      1 tool-added (--all lists them)
note      approval 0123456789abcdef (for the autumn) expired on 2026-11-20 and
          does not count
note      approval fedcba9876543210 (for the winter) is not used: no change has
          this fingerprint
context   about 1000 → 1100 tokens (+100), 4000 → 4400 bytes
version   Breaking changes ask for a new major version, but 1.0.0 → 1.1.0 is
          only a minor one.
)x");
}

TEST_CASE("drift text: safe changes are listed when that is asked for") {
  const auto text = cli::render_drift_text(drift_document(), {.safe = cli::SafeChanges::listed});
  CHECK(text == R"x(BREAKING: 1 breaking, 1 dangerous, 1 safe · old.json → new.json
shop 1.0.0 → 1.1.0

tool search
  breaking  tool-removed  /inputSchema/properties/limit/maximum  85b0b1adf2a7568f
    Calls with a limit above 10 are rejected now.
    100 → 10
    witness {"limit":11}
            accepted before, rejected now at /limit: must be at most 10
  dangerous tool-description-changed  /description  ab340035d72753ec
    The description changed, which is what a model reads.
    …them in the order of their price. → …them in the order of their age.

tool buy
  safe      tool-added  fbbc803d1e6c9927
    The tool is new.

note      approval 0123456789abcdef (for the autumn) expired on 2026-11-20 and does not count
note      approval fedcba9876543210 (for the winter) is not used: no change has this fingerprint
context   about 1000 → 1100 tokens (+100), 4000 → 4400 bytes
version   Breaking changes ask for a new major version, but 1.0.0 → 1.1.0 is only a minor one.
)x");
}

TEST_CASE("drift text: two equal sides are one line") {
  CHECK(cli::render_drift_text(equal_drift_document(), {}) == "NO CHANGE · old.json → new.json\n");
}

TEST_CASE("drift text: what could not be compared is told beside no change") {
  auto document = equal_drift_document();
  document.diff.notes = {"The older snapshot has no list of prompts, so they are not compared."};
  const auto text = cli::render_drift_text(document, {});
  CHECK(text.starts_with("NO CHANGE · old.json → new.json\n"));
  CHECK(text.find(
            "\nnote      The older snapshot has no list of prompts, so they are not compared.\n") !=
        std::string::npos);
}

TEST_CASE("drift text: nothing that a server said reaches the terminal as it is") {
  const auto text = cli::render_drift_text(hostile_drift_document(), {});
  CHECK(text == R"x(BREAKING: 1 breaking · a,b%.json → @prod
shop 1.0.0

tool x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*
  breaking  tool-removed  /inputSchema  4546514bcd54156b
    Because of x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example
    ::error::\n\x1b[31m\u{202e}%0A*b*.
    - x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u…
    + ```x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31…
    witness {"x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\u000a\u001b[31m\u{202e}%0A*b*":true}
            accepted before, rejected now at /x` | @octocat #1 <img src=x> [a](https://evil.example)
            www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*: x` | @octocat #1 <img src=x>
            [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*

context   about 0 tokens, 0 bytes, as before
)x");
}

TEST_CASE("drift text: colours stand on a terminal only") {
  auto document = drift_document();
  CHECK(cli::render_drift_text(document, {}).find('\x1b') == std::string::npos);
  const auto text = cli::render_drift_text(document, {.colour = cli::Colour::ansi});
  CHECK(text.starts_with("\x1b[1;31mBREAKING\x1b[0m: 1 breaking, 1 dangerous, 1 safe · "));
}
