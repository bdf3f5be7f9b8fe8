#pragma once

#include <string_view>

namespace mcp::testserver {

/// What the server offers when no other surface is loaded. The tools' work is in tools.cpp.
inline constexpr std::string_view builtin_surface_text = R"json({
"tools":[
{"name":"echo","title":"Echo","description":"Answers with the text it is given.",
 "inputSchema":{"type":"object","properties":{"text":{"type":"string","description":"What to say back"}},"required":["text"]}},
{"name":"add","title":"Add","description":"Adds two numbers.",
 "inputSchema":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]},
 "outputSchema":{"type":"object","properties":{"sum":{"type":"number"}},"required":["sum"]}},
{"name":"slow","title":"Slow","description":"Takes its time and reports progress.",
 "inputSchema":{"type":"object","properties":{"ms":{"type":"integer","description":"How long the call takes, in milliseconds","minimum":0,"default":1000},"steps":{"type":"integer","description":"How many progress notifications","minimum":0,"maximum":10000,"default":5}}}},
{"name":"fail","title":"Fail","description":"Answers with isError.",
 "inputSchema":{"type":"object","properties":{"message":{"type":"string"}}}},
{"name":"ask","title":"Ask","description":"Asks the client before it answers.",
 "inputSchema":{"type":"object","properties":{"question":{"type":"string"},"kind":{"type":"string","enum":["elicitation","sampling","roots","ping"],"default":"elicitation"},"rounds":{"type":"integer","description":"How many times in a row","minimum":1,"maximum":100,"default":1}}}},
{"name":"big","title":"Big","description":"Answers with a text of a given size.",
 "inputSchema":{"type":"object","properties":{"size":{"type":"integer","description":"Bytes of text","minimum":0,"maximum":67108864}},"required":["size"]}},
{"name":"headers","title":"Headers","description":"Has arguments that are mirrored into HTTP fields.",
 "inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"priority":{"type":"integer","x-mcp-header":"Priority"},"dry_run":{"type":"boolean","x-mcp-header":"Dry-Run"},"place":{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}},"query":{"type":"string"}}}}
],
"prompts":[
{"name":"greeting","title":"Greeting","description":"Greets somebody.","arguments":[{"name":"name","description":"Whom to greet","required":true},{"name":"tone","description":"formal or casual"}]},
{"name":"summary","title":"Summary","description":"Asks for a summary of the notes."}
],
"resources":[
{"uri":"test://notes/today","name":"today","title":"Notes of today","description":"A short text.","mimeType":"text/plain"},
{"uri":"test://pixel","name":"pixel","title":"One pixel","description":"A tiny PNG picture.","mimeType":"image/png"}
],
"resourceTemplates":[
{"uriTemplate":"test://notes/{day}","name":"notes","title":"Notes by day","description":"The notes of any day.","mimeType":"text/plain"}
]})json";

}  // namespace mcp::testserver
