#include <doctest/doctest.h>

#include "cli/render/drift/format.hpp"
#include "tests/unit/render/drift_documents.hpp"

TEST_CASE("drift github: an error for what fails, a warning for the rest, and a summary") {
  CHECK(
      cli::render_drift_github(drift_document(), {}) ==
      R"x(::notice title=MCP drift%3A breaking::1 breaking, 1 dangerous, 1 safe: old.json → new.json (failed)
::error file=new.json,title=MCP breaking%3A tool-removed::tool search: Calls with a limit above 10 are rejected now.%0Aat /inputSchema/properties/limit/maximum%0Awitness {"limit":11}: accepted before, rejected now at /limit: must be at most 10%0Afingerprint 85b0b1adf2a7568f
::warning file=new.json,title=MCP dangerous%3A tool-description-changed::tool search: The description changed, which is what a model reads.%0Aat /description%0Afingerprint ab340035d72753ec
::warning title=MCP drift%3A approvals::approval 0123456789abcdef (for the autumn) expired on 2026-11-20 and does not count
::warning title=MCP drift%3A approvals::approval fedcba9876543210 (for the winter) is not used: no change has this fingerprint
::warning title=MCP drift%3A version::Breaking changes ask for a new major version, but 1.0.0 → 1.1.0 is only a minor one.
)x");
}
TEST_CASE("drift github: no text begins a command of its own") {
  CHECK(cli::render_drift_github(hostile_drift_document(), {}) ==
        R"x(::notice title=MCP drift%3A breaking::1 breaking: a,b%25.json → @prod (failed)
::error title=MCP breaking%3A tool-removed::tool x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%250A*b*: Because of x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%250A*b*.%0Aat /inputSchema%0Awitness {"x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\u000a\u001b[31m\u{202e}%250A*b*":true}: accepted before, rejected now at /x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%250A*b*: x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%250A*b*%0Afingerprint 4546514bcd54156b
)x");
}

TEST_CASE("drift junit: a case an item, a failure for what fails the gate") {
  CHECK(cli::render_drift_junit(drift_document(), {}) == R"x(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcpctl" tests="4" failures="1" errors="0" skipped="0" time="0">
  <testsuite name="old.json → new.json" tests="4" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="mcpctl.drift.server" name="server" time="0"/>
    <testcase classname="mcpctl.drift.tool" name="tool search" time="0">
      <failure type="breaking" message="Calls with a limit above 10 are rejected now.">breaking tool-removed /inputSchema/properties/limit/maximum: Calls with a limit above 10 are rejected now.
  witness {&quot;limit&quot;:11}: accepted before, rejected now at /limit: must be at most 10
  fingerprint 85b0b1adf2a7568f</failure>
      <system-out>dangerous tool-description-changed /description: The description changed, which is what a model reads.
  fingerprint ab340035d72753ec</system-out>
    </testcase>
    <testcase classname="mcpctl.drift.tool" name="tool buy" time="0">
      <system-out>safe tool-added: The tool is new.
  fingerprint fbbc803d1e6c9927</system-out>
    </testcase>
    <testcase classname="mcpctl.drift.tool" name="tool pay" time="0"/>
  </testsuite>
</testsuites>
)x");
}
TEST_CASE("drift junit: markup of a server is text") {
  CHECK(cli::render_drift_junit(hostile_drift_document(), {}) ==
        R"x(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcpctl" tests="2" failures="1" errors="0" skipped="0" time="0">
  <testsuite name="a,b%.json → @prod" tests="2" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="mcpctl.drift.server" name="server" time="0"/>
    <testcase classname="mcpctl.drift.tool" name="tool x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*" time="0">
      <failure type="breaking" message="Because of x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*.">breaking tool-removed /inputSchema: Because of x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*.
  witness {&quot;x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\u000a\u001b[31m\u{202e}%0A*b*&quot;:true}: accepted before, rejected now at /x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*: x` | @octocat #1 &lt;img src=x&gt; [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*
  fingerprint 4546514bcd54156b</failure>
    </testcase>
  </testsuite>
</testsuites>
)x");
}
TEST_CASE("drift markdown: a table of what is bad, witnesses in fences, the rest folded") {
  CHECK(cli::render_drift_markdown(drift_document(), {}) == R"x(<!-- mcpctl diff -->
### ❌ MCP surface: breaking — 1 breaking, 1 dangerous, 1 safe

`old.json` → `new.json` (shop 1.0.0 → 1.1.0)

| severity | where | what | fingerprint |
| --- | --- | --- | --- |
| **breaking** | `tool search`<br>`/inputSchema/properties/limit/maximum` | Calls with a limit above 10 are rejected now.<br>`tool-removed` | `85b0b1adf2a7568f` |
| dangerous | `tool search`<br>`/description` | The description changed, which is what a model reads.<br>`tool-description-changed` | `ab340035d72753ec` |

<details open><summary>Values and witnesses</summary>

**breaking** `tool search`<br>`/inputSchema/properties/limit/maximum` `tool-removed`

```diff
- 100
+ 10
```
Witness (accepted before, rejected now at /limit: must be at most 10):

```json
{"limit":11}
```

**dangerous** `tool search`<br>`/description` `tool-description-changed`

```diff
- …them in the order of their price.
+ …them in the order of their age.
```

</details>

<details><summary>Safe changes: 1</summary>

- `tool-added` `tool buy`: The tool is new.

</details>

⚠️ approval 0123456789abcdef (for the autumn) expired on 2026-11-20 and does not count.<br>
⚠️ approval fedcba9876543210 (for the winter) is not used: no change has this fingerprint.<br>
Context of the tool list: about 1000 → 1100 tokens (+100), 4000 → 4400 bytes.<br>
Breaking changes ask for a new major version, but 1.0.0 → 1.1.0 is only a minor one.
)x");
}
TEST_CASE("drift markdown: text of a server neither formats, links nor mentions") {
  CHECK(cli::render_drift_markdown(hostile_drift_document(), {}) == R"x(<!-- mcpctl diff -->
### ❌ MCP surface: breaking — 1 breaking

`a,b%.json` → `@prod` (shop 1.0.0)

| severity | where | what | fingerprint |
| --- | --- | --- | --- |
| **breaking** | <code>tool x\` &#124; @&#8203;octocat \#&#8203;1 &lt;img src=x&gt; \[a\](https:&#8203;//evil.example) www&#8203;.evil.example ::error::\\n\\x1b\[31m\\u{202e}%0A\*b\*</code><br>`/inputSchema` | Because of x\` &#124; @&#8203;octocat \#&#8203;1 &lt;img src=x&gt; \[a\](https:&#8203;//evil.example) www&#8203;.evil.example ::error::\\n\\x1b\[31m\\u{202e}%0A\*b\*.<br>`tool-removed` | `4546514bcd54156b` |

<details open><summary>Values and witnesses</summary>

**breaking** <code>tool x\` &#124; @&#8203;octocat \#&#8203;1 &lt;img src=x&gt; \[a\](https:&#8203;//evil.example) www&#8203;.evil.example ::error::\\n\\x1b\[31m\\u{202e}%0A\*b\*</code><br>`/inputSchema` `tool-removed`

````diff
- x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*
+ ```x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n\x1b[31m\u{202e}%0A*b*
````
Witness (accepted before, rejected now at /x\` &#124; @&#8203;octocat \#&#8203;1 &lt;img src=x&gt; \[a\](https:&#8203;//evil.example) www&#8203;.evil.example ::error::\\n\\x1b\[31m\\u{202e}%0A\*b\*: x\` &#124; @&#8203;octocat \#&#8203;1 &lt;img src=x&gt; \[a\](https:&#8203;//evil.example) www&#8203;.evil.example ::error::\\n\\x1b\[31m\\u{202e}%0A\*b\*):

```json
{"x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\u000a\u001b[31m\u{202e}%0A*b*":true}
```

</details>

Context of the tool list: about 0 tokens, 0 bytes, as before.
)x");
}
