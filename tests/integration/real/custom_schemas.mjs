// Reads objects that are not Kubernetes' own (a JSON array) from stdin and prints what their types
// do not allow: custom resources by the declarations that @kubernetes-models generates from the
// operators' sources, compiled with them; Azure Container Apps by the maps with which Azure's SDK
// writes its requests.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = process.env.MCPCTL_REAL_DIR;
const require = createRequire(join(root, "package.json"));
const ts = require("typescript");

const packages = { "keda.sh": "keda", "monitoring.coreos.com": "prometheus-operator" };

/** The object as a literal of its interface: excess members are errors, and so are missing ones. */
function compile(object) {
  const [group] = object.apiVersion.split("/");
  const name = `@kubernetes-models/${packages[group]}/${object.apiVersion}/${object.kind}`;
  const file = join(root, "object.ts");
  const text = `import { I${object.kind} } from "${name}";
export const object: I${object.kind} = ${JSON.stringify(object, null, 1)};\n`;
  const options = {
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, noEmit: true, types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === file ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((each) =>
    `${object.kind}: ${ts.flattenDiagnosticMessageText(each.messageText, " ")}`);
}

// Not one of the package's exports, hence by its path.
const maps = await import(
  pathToFileURL(join(root, "node_modules/@azure/arm-appcontainers/dist/esm/models/mappers.js")));

/** Members by their names on the wire; a dot in one is a level of nesting. */
function members(type) {
  const tree = {};
  for (const each of Object.values(maps[type].type.modelProperties)) {
    const path = each.serializedName.split(".");
    let node = tree;
    for (const step of path.slice(0, -1)) node = (node[step] ??= { nested: {} }).nested;
    node[path.at(-1)] = each;
  }
  return tree;
}

function check_members(value, known, path) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path}: is no object`];
  return [
    ...Object.entries(known).filter(([name, each]) => each.required && !(name in value))
      .map(([name]) => `${path}: has no ${name}`),
    ...Object.entries(value).flatMap(([name, inner]) =>
      name in known ? check(inner, known[name], `${path}.${name}`) : [`${path}.${name}: is not known`]),
  ];
}

function check(value, what, path) {
  if (what.nested) return check_members(value, what.nested, path);
  if (what.readOnly) return [`${path}: is read only`];
  const { type } = what;
  switch (type.name) {
    case "Composite": return check_members(value, members(type.className), path);
    case "Sequence":
      if (!Array.isArray(value)) return [`${path}: is no list`];
      return value.flatMap((item, index) => check(item, type.element, `${path}[${index}]`));
    case "Dictionary":
      if (typeof value !== "object") return [`${path}: is no map`];
      return Object.entries(value).flatMap(([key, item]) => check(item, type.value, `${path}.${key}`));
    case "Enum":
      return type.allowedValues.includes(value) ? [] : [`${path}: is none of ${type.allowedValues}`];
    case "String": case "Number": case "Boolean":
      return typeof value === type.name.toLowerCase() ? [] : [`${path}: is ${typeof value}, not ${type.name}`];
    default: throw new Error(`${path}: ${type.name} is not looked at`);
  }
}

for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  const problems = object.type === "Microsoft.App/containerApps"
    ? check_members(object, { ...members("ContainerApp"), type: { type: { name: "String" } } }, "containerApp")
    : compile(object);
  for (const problem of problems) console.log(problem);
}
