// Reads Kubernetes objects (a JSON array) from stdin and prints what their types do not allow, by
// the type maps and declarations of @kubernetes/client-node: unknown members, wrong types, members
// that are missing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MCPCTL_REAL_DIR}/package.json`);
const main = require.resolve("@kubernetes/client-node");
const types = await import(pathToFileURL(main));
const models = join(dirname(main), "gen/models");

/** Members that the declaration has without a question mark. */
function required(type) {
  const text = readFileSync(join(models, `${type}.d.ts`), "utf8");
  return [...text.matchAll(/^ {4}'([^']+)': /gm)].map((match) => match[1]);
}

function scalar(value, type, path) {
  const actual = type === "Date" || type === "IntOrString" ? typeof value : type;
  if (type === "any" || type === "object") return [];
  if (type === "IntOrString" && !["string", "number"].includes(typeof value))
    return [`${path}: is no number or text`];
  return typeof value === actual ? [] : [`${path}: is ${typeof value}, not ${type}`];
}

function check(value, type, path) {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list) {
    if (!Array.isArray(value)) return [`${path}: is no list`];
    return value.flatMap((item, index) => check(item, list[1], `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) {
    if (typeof value !== "object") return [`${path}: is no map`];
    return Object.entries(value).flatMap(([key, item]) => check(item, map[1], `${path}.${key}`));
  }
  const model = types[type];
  if (!model?.getAttributeTypeMap) return scalar(value, type, path);
  if (typeof value !== "object" || value === null) return [`${path}: is no ${type}`];
  const members = new Map(model.getAttributeTypeMap().map((each) => [each.baseName, each]));
  return [
    ...required(type)
      .filter((name) => !(name in value))
      .map((name) => `${path}: has no ${name}`),
    ...Object.entries(value).flatMap(([name, inner]) =>
      members.has(name)
        ? check(inner, members.get(name).type, `${path}.${name}`)
        : [`${path}.${name}: is not known to ${type}`],
    ),
  ];
}

for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  const version = object.apiVersion.split("/").pop();
  const type = version[0].toUpperCase() + version.slice(1) + object.kind;
  const problems = types[type] ? check(object, type, object.kind) : [`${type}: there is no such type`];
  for (const problem of problems) console.log(problem);
}
