import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import type { PropertySchema, Schema, TypeSchema } from "./schema";
import { table } from "./types/table";

/**
 * Writes `schema.json`: the properties of exactly the types in the table, read from the type declarations
 * of the installed azure-native. Run after a new type or a new azure-native:
 * `npx tsx packages/sandbox/schemaGenerate.ts`.
 */

const enumLimit = 40;

/** Every interface and enum object of one declaration file, by `<module>.<name>`. */
function namespaces(file: string): Map<string, ts.InterfaceDeclaration> {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (statements: ts.NodeArray<ts.Statement>, prefix: string): void => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) {
        found.set(prefix + statement.name.text, statement);
      } else if (
        ts.isModuleDeclaration(statement) &&
        statement.body &&
        ts.isModuleBlock(statement.body)
      ) {
        visit(statement.body.statements, `${prefix}${statement.name.text}.`);
      }
    }
  };
  visit(source.statements, "");
  return found;
}

/** Values of the string enums of one azure-native module. */
function enumValues(file: string): Map<string, string[]> {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const found = new Map<string, string[]>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      if (!ts.isIdentifier(declaration.name) || !declaration.type) continue;
      if (!ts.isTypeLiteralNode(declaration.type)) continue;
      const values = declaration.type.members.flatMap((member) =>
        ts.isPropertySignature(member) &&
        member.type &&
        ts.isLiteralTypeNode(member.type) &&
        ts.isStringLiteral(member.type.literal)
          ? [member.type.literal.text]
          : [],
      );
      found.set(declaration.name.text, values);
    }
  }
  return found;
}

class Generator {
  readonly types: Record<string, TypeSchema["inputs"]> = {};
  private readonly interfaces: Map<string, ts.InterfaceDeclaration>;
  private readonly enums = new Map<string, Map<string, string[]>>();

  constructor(private readonly root: string) {
    this.interfaces = namespaces(path.join(root, "types/input.d.ts"));
  }

  members(list: ts.NodeArray<ts.TypeElement>): Record<string, PropertySchema> {
    const properties: Record<string, PropertySchema> = {};
    for (const member of list) {
      if (!ts.isPropertySignature(member) || !member.type) continue;
      const name =
        ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "";
      const property = this.property(member.type);
      properties[name] = member.questionToken ? property : { ...property, required: true };
    }
    return properties;
  }

  private property(node: ts.TypeNode): PropertySchema {
    if (ts.isArrayTypeNode(node)) return { type: "array", items: this.property(node.elementType) };
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
      return { type: "string", enum: [node.literal.text] };
    }
    if (ts.isTypeLiteralNode(node)) return this.map(node);
    if (ts.isUnionTypeNode(node)) return this.union(node);
    if (ts.isTypeReferenceNode(node)) return this.reference(node);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.NumberKeyword:
        return { type: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      default:
        return { type: "any" };
    }
  }

  private map(node: ts.TypeLiteralNode): PropertySchema {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { type: "map", items: this.property(index.type) } : { type: "any" };
  }

  private union(node: ts.UnionTypeNode): PropertySchema {
    const parts = node.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
    const options = parts.map((part) => this.property(part));
    const refs = options.flatMap((option) => option.refs ?? []);
    if (refs.length > 0) return { type: "object", refs };
    // `string | enums.X`: the enum names the values that the API documents.
    const named = options.find((option) => option.enum);
    return named ?? options[0] ?? { type: "any" };
  }

  private reference(node: ts.TypeReferenceNode): PropertySchema {
    const name = entityName(node.typeName);
    if (name === "pulumi.Input" && node.typeArguments?.[0])
      return this.property(node.typeArguments[0]);
    if (name.startsWith("inputs.")) return { type: "object", refs: [this.type(name.slice(7))] };
    if (name.startsWith("enums.")) return this.enum(name.slice(6));
    return { type: "any" };
  }

  private type(name: string): string {
    const declaration = this.interfaces.get(name);
    if (!declaration) throw new Error(`${name} is not declared in types/input.d.ts`);
    if (!(name in this.types)) {
      this.types[name] = {};
      this.types[name] = this.members(declaration.members);
    }
    return name;
  }

  private enum(name: string): PropertySchema {
    const dot = name.lastIndexOf(".");
    const module = name.slice(0, dot);
    if (!this.enums.has(module)) {
      this.enums.set(module, enumValues(path.join(this.root, "types/enums", module, "index.d.ts")));
    }
    const values = this.enums.get(module)?.get(name.slice(dot + 1));
    return values && values.length > 0 && values.length <= enumLimit
      ? { type: "string", enum: values }
      : { type: "string" };
  }
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

/** The schema of the given tokens, read from the azure-native package at `root`. */
export function generate(root: string, tokens: readonly string[]): Schema {
  const generator = new Generator(root);
  const resources: Record<string, TypeSchema> = {};
  for (const token of tokens) {
    const [, module = "", name = ""] = token.split(":");
    const file = path.join(root, module, `${name[0]?.toLowerCase()}${name.slice(1)}.d.ts`);
    const text = fs.readFileSync(file, "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const args = source.statements
      .filter(ts.isInterfaceDeclaration)
      .find((declaration) => declaration.name.text === `${name}Args`);
    const declared = source.statements.filter(ts.isClassDeclaration)[0];
    const outputs: string[] = [];
    for (const member of declared?.members ?? []) {
      if (!ts.isPropertyDeclaration(member) || !ts.isIdentifier(member.name)) continue;
      const readOnly = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
      if (readOnly) outputs.push(member.name.text);
    }
    const apiVersion = /Uses Azure REST API version ([0-9a-z-]+)/.exec(text)?.[1];
    if (!apiVersion) throw new Error(`${file} names no API version`);
    resources[token] = { apiVersion, inputs: args ? generator.members(args.members) : {}, outputs };
  }
  return { resources, types: generator.types };
}

/** One line a type, so that a change shows as the lines of the types it touches. */
function text({ resources, types }: Schema): string {
  const lines = (entries: object): string =>
    Object.entries(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(",\n");
  return `{"resources":{\n${lines(resources)}\n},"types":{\n${lines(types)}\n}}\n`;
}

if (require.main === module) {
  const root = path.dirname(require.resolve("@pulumi/azure-native/package.json"));
  const schema = generate(root, Object.keys(table).sort());
  fs.writeFileSync(path.join(__dirname, "schema.json"), text(schema));
}
