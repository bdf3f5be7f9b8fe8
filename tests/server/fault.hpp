#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/time.hpp"

namespace mcp::testserver {

/// One way to misbehave, and when.
///
/// Grammar:  KIND[:PARAMETER,…][@CONDITION,…]
///   parameters and conditions are NAME=VALUE; the main parameter may stand without its name
///   (`delay:200ms`). In values, %XX stands for any byte (a comma is %2C, an @ is %40).
/// Conditions, all of which have to hold:
///   method=NAME   JSON-RPC method, or HTTP method for requests without a message (GET, DELETE);
///                 a trailing * fits any rest
///   p=0.1         with this probability
///   every=N       each Nth request that has the method; nth=N only that one; from=N that one and
///                 all later; until=N that one and all before
///   after=10s     not before the server has run for that long
/// Sizes are bytes, or with k, m, g (of 1024).
struct Fault {
  enum class Kind {
    delay,            // TIME: the request is taken up only then
    stall,            // bytes=0: after that many bytes of the HTTP answer nothing more comes
    reset,            // bytes=0: RST after that many bytes
    close,            // bytes=0: FIN after that many bytes
    status,           // CODE, body=, type=, retry-after=, header=NAME: VALUE: this answer instead
    html,             // a page with status 200 instead of the answer
    truncate,         // bytes=: body or stream ends early, cleanly; default in the last message
    wrong_id,         // the response carries another id
    duplicate,        // the response comes twice (over HTTP as an event stream)
    late,             // TIME: an answer begins, but the response comes only then
    lose_session,     // the session is forgotten: 404 from then on
    cut_idle,         // TIME: the connection is closed after being idle for so long
    buffer,           // an event stream is held back until its end
    freeze,           // TIME: the whole server stands still
    rpc_error,        // code=-32603, message=: a JSON-RPC error instead of the result
    tools_change,     // after=N: once N tools/* requests were served the tool list is another
    tools_differ,     // the tool list is another for each second connection
    tools_empty,      // no tools
    tools_duplicate,  // one tool is listed twice
    huge,             // size=100m: the result is padded to this size
    deep,             // depth=100000: the result contains arrays nested so deeply
    comments,         // gap=0: an event stream of comments without end
    notifications,    // gap=0: log messages without end instead of the response
    garbage,          // lines=1: lines that are not JSON come before the response (stdio only)
  };

  Kind kind = Kind::delay;
  Duration time{};
  std::size_t bytes = 0;
  bool bytes_given = false;
  std::int64_t number = 0;  // status, error code, depth, lines
  std::string text;         // body, message
  HeaderList headers;

  std::string method;  // empty: any
  double probability = 1;
  std::uint64_t every = 0;
  std::uint64_t nth = 0;
  std::uint64_t from = 0;
  std::uint64_t until = 0;
  Duration after{};

  bool fits(std::string_view other_method) const;
};

std::string_view to_string(Fault::Kind kind);
/// False for what only HTTP can do; `garbage` is the reverse.
bool works_on_stdio(Fault::Kind kind);
bool works_on_http(Fault::Kind kind);

/// The grammar and all kinds, for people.
std::string fault_help();

/// Errors are of kind usage, and name the specification and what is wrong with it.
Result<Fault> parse_fault(std::string_view spec);

}  // namespace mcp::testserver
