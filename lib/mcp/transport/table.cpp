#include "mcp/transport/table.hpp"

#include <array>

#include "mcp/transport/http_sse.hpp"
#include "mcp/transport/stdio.hpp"
#include "mcp/transport/streamable_http.hpp"

namespace mcp {
namespace {

template <typename Kind>
std::unique_ptr<Transport> make(const Endpoint& endpoint, TransportContext context,
                                TransportObserver& observer) {
  return std::make_unique<Kind>(endpoint, context, observer);
}

struct Row {
  TransportKind kind;
  std::string_view name;
  std::unique_ptr<Transport> (*make)(const Endpoint&, TransportContext, TransportObserver&);
};

/// All transports, in the order of the enumeration. A new one is a file and a line here.
constexpr std::array table = {
    Row{TransportKind::stdio, "stdio", make<Stdio>},
    Row{TransportKind::http_sse, "http-sse", make<HttpSse>},
    Row{TransportKind::streamable_http, "streamable-http", make<StreamableHttp>},
};

const Row& row_of(TransportKind kind) {
  return table.at(static_cast<std::size_t>(kind));
}

}  // namespace

std::string_view to_string(TransportKind kind) {
  return row_of(kind).name;
}

std::unique_ptr<Transport> make_transport(TransportKind kind, const Endpoint& endpoint,
                                          TransportContext context, TransportObserver& observer) {
  return row_of(kind).make(endpoint, context, observer);
}

}  // namespace mcp
