#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/session/revision.hpp"
#include "mcp/wire/codec.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// The method of a request or notification; "a response" else.
std::string name_of(const Message& message);
/// The id of a message that expects a response.
std::optional<RequestId> request_id_of(const Message& message);
/// The id that a response carries; nothing for other messages and for errors without id.
std::optional<RequestId> answered_id_of(const Message& message);

/// `decode` for what a peer sent under `revision`: a batch is a protocol error unless that is
/// 2025-03-26, the only revision with batches. `where` begins the error: "ping", "stdout".
Result<std::vector<Message>> decode_under(std::optional<Revision> revision, std::string_view text,
                                          const DecodeLimits& limits, std::string_view where);

/// The id in a text that `decode` has refused, where one can be read: it tells which request the
/// text was meant for.
std::optional<RequestId> find_id(std::string_view text, const DecodeLimits& limits);

}  // namespace mcp
