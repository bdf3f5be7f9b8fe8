#include <ostream>

#include "cli/commands/schema.hpp"
#include "cli/commands/schema_source.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "mcp/schema/sampler.hpp"

namespace cli {

mcp::Result<ExitCode> run_schema_sample(const SchemaOptions& options, Invocation& invocation) {
  auto schema = take_schema(invocation, "the SCHEMA", options.dialect);
  if (!schema) return std::unexpected(schema.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  mcp::schema::Sampler sampler(std::move(schema->schema), {.seed = options.seed});
  World& world = invocation.world;
  for (std::size_t count = 0; count < options.count && world.out; ++count) {
    const auto instance = sampler.next();
    if (!instance) {
      print_error(world, {mcp::ErrorKind::empty, schema->name + ": " + instance.error().message,
                          instance.error().hint});
      return ExitCode::findings;
    }
    world.out << visible_json(instance->text()) << '\n';
  }
  return ExitCode::ok;
}

}  // namespace cli
