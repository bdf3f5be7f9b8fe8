#include "tests/server/fault.hpp"

namespace mcp::testserver {

bool works_on_stdio(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::status:
    case Fault::Kind::html:
    case Fault::Kind::cut_idle:
    case Fault::Kind::buffer:
    case Fault::Kind::comments:
      return false;
    default:
      return true;
  }
}

bool works_on_http(Fault::Kind kind) {
  return kind != Fault::Kind::garbage;
}

std::string fault_help() {
  return R"(A fault is KIND[:PARAMETER,...][@CONDITION,...], for example
  delay:200ms@p=0.1                     one request in ten waits 200 ms
  stall:100@method=tools/list           tools/list stops after 100 bytes of the answer
  status:503,retry-after=3@every=5      each fifth request is refused
  rpc-error:-32603@nth=3,method=tools/call
The first parameter may stand without its name. In values %XX stands for any byte (%2C: a comma).
Sizes are bytes, or with k, m, g.

On the way in
  delay:TIME            the request is taken up only then
  freeze:TIME           the whole server stands still
  lose-session          the session is forgotten: 404 from then on
Another answer
  status:CODE           with body=, type=, retry-after=, header=NAME: VALUE
  html                  a page with status 200; body=
  rpc-error:CODE        a JSON-RPC error, -32603 by default; message=
Another response
  wrong-id              the response carries another id
  duplicate             the response comes twice (over HTTP as an event stream)
  late:TIME             the answer begins, its response comes only then
  huge:SIZE             the result is padded to this size, 100m by default
  deep:N                the result contains arrays nested so deeply, 100000 by default
  tools-change:N        once N tools/* requests were served the tool list is another
  tools-differ          the tool list is another for each second connection
  tools-empty           no tools
  tools-duplicate       one tool is listed twice
On the way out
  stall:BYTES           after that many bytes of the HTTP answer (0) nothing more comes
  reset:BYTES           RST after that many bytes
  close:BYTES           FIN after that many bytes
  truncate:BYTES        body or stream end early, but cleanly; by default inside the response
  buffer                an event stream is held back until its end
  cut-idle:TIME         the connection is closed after being idle for so long
  comments              an event stream of comments without end; gap=TIME between two
  notifications         log messages without end in place of the response; gap=TIME
  garbage:LINES         lines that are not JSON before the response (stdio only)

Conditions, all of which have to hold
  method=NAME           the JSON-RPC method, or GET and DELETE; tools/* fits all that begin so
  p=0.1                 with this probability; --seed makes it repeatable
  every=N  nth=N        each Nth request of that method; only the Nth
  from=N   until=N      the Nth and all later; the Nth and all before
  after=TIME            not before the server has run for that long
)";
}

}  // namespace mcp::testserver
