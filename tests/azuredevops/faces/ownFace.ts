import * as path from "node:path";
import ts from "typescript";
import { objectText } from "./face";
import type { Face, FunctionFace, Properties, ResourceFace } from "./face";

/** The drop-in as TypeScript sees it, and what only TypeScript has: state, and the Output forms. */
export interface OwnFace extends Face {
  readonly states: Record<string, Properties>;
  readonly outputFunctions: Record<string, FunctionFace>;
}

/** A type that a caller may give as output of another resource, or one that is always plain. */
type Form = "input" | "plain";

const root = path.resolve(__dirname, "../../..");

/** Reads the types of every export of the drop-in with the compiler itself. */
export function readOwnFace(entry = path.join(root, "packages/azuredevops/index.ts")): OwnFace {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([entry], { ...options, incremental: false });
  const source = program.getSourceFile(entry);
  const reader = new TypeReader(program.getTypeChecker());
  const face: OwnFace = {
    resources: {},
    functions: {},
    provider: {},
    states: {},
    outputFunctions: {},
  };
  for (const [name, type] of source ? reader.valuesOf(source) : []) {
    if (name === "Provider") Object.assign(face.provider, reader.constructorArgs(type));
    else if (/^get.*Output$/.test(name)) face.outputFunctions[name] = reader.lookUp(type, "input");
    else if (name.startsWith("get")) face.functions[name] = reader.lookUp(type, "plain");
    else if (type.getConstructSignatures().length > 0) {
      face.resources[name] = reader.resource(type);
      face.states[name] = reader.state(type);
    }
  }
  return face;
}

class TypeReader {
  constructor(private readonly checker: ts.TypeChecker) {}

  valuesOf(source: ts.SourceFile): [string, ts.Type][] {
    const module = this.checker.getSymbolAtLocation(source);
    if (!module) return [];
    return this.checker
      .getExportsOfModule(module)
      .map((symbol) =>
        symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol,
      )
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Value)
      .map((symbol) => [symbol.name, this.checker.getTypeOfSymbol(symbol)]);
  }

  resource(type: ts.Type): ResourceFace {
    const outputs: Properties = {};
    for (const property of this.instanceOf(type).getProperties()) {
      const output = this.outputValue(this.checker.getTypeOfSymbol(property));
      if (output && !["id", "urn"].includes(property.name)) {
        outputs[property.name] = {
          type: this.text(output, "plain"),
          required: !this.parts(output).some((part) => part.flags & ts.TypeFlags.Undefined),
        };
      }
    }
    return { inputs: this.constructorArgs(type), outputs };
  }

  state(type: ts.Type): Properties {
    const get = type.getProperty("get");
    const parameters = get && this.checker.getTypeOfSymbol(get).getCallSignatures()[0]?.parameters;
    const state = parameters?.find((parameter) => parameter.name === "state");
    return state ? this.properties(this.checker.getTypeOfSymbol(state), "input") : {};
  }

  /** `new (name, args, opts)`, or the same with a tuple in place of the last two. */
  constructorArgs(type: ts.Type): Properties {
    const second = type.getConstructSignatures()[0]?.parameters[1];
    if (!second) throw new Error("a class without arguments");
    const given = this.checker.getTypeOfSymbol(second);
    const [args] = this.checker.isTupleType(given)
      ? this.checker.getTypeArguments(given as ts.TypeReference)
      : [given];
    return args ? this.properties(args, "input") : {};
  }

  lookUp(type: ts.Type, form: Form): FunctionFace {
    const signature = type.getCallSignatures()[0];
    if (!signature) throw new Error("a look-up that cannot be called");
    const args = signature.parameters.find((parameter) => parameter.name === "args");
    const answer = signature.getReturnType();
    const result =
      form === "input"
        ? this.outputValue(answer)
        : this.checker.getTypeArguments(answer as ts.TypeReference)[0];
    if (!result) throw new Error(`${this.checker.typeToString(answer)} holds no result`);
    return {
      inputs: args ? this.properties(this.checker.getTypeOfSymbol(args), form) : {},
      results: this.properties(result, "plain"),
    };
  }

  private properties(type: ts.Type, form: Form): Properties {
    const owner = this.checker.getNonNullableType(type);
    return Object.fromEntries(
      owner.getProperties().map((property) => [
        property.name,
        {
          type: this.text(this.checker.getTypeOfSymbol(property), form),
          required: !(property.flags & ts.SymbolFlags.Optional),
        },
      ]),
    );
  }

  /** In the form of an input every level must take outputs, or the text says that it does not. */
  private text(type: ts.Type, form: Form): string {
    const parts = this.parts(type).filter((part) => !(part.flags & ts.TypeFlags.Undefined));
    if (form === "plain") return this.join(parts, form);
    const wrapped = parts.filter((part) =>
      ["Promise", "OutputInstance"].includes(part.getSymbol()?.name ?? ""),
    );
    const value = this.join(
      parts.filter((part) => !wrapped.includes(part)),
      form,
    );
    return wrapped.length === 2 ? value : `not an input: ${value}`;
  }

  private join(parts: ts.Type[], form: Form): string {
    return [...new Set(parts.map((part) => this.single(part, form)))].sort().join(" | ");
  }

  private single(type: ts.Type, form: Form): string {
    if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
    const element = this.checker.isArrayType(type)
      ? this.checker.getTypeArguments(type as ts.TypeReference)[0]
      : undefined;
    if (element) return `${this.text(element, form)}[]`;
    const values = type.getStringIndexType();
    if (values) return `{[key]: ${this.text(values, form)}}`;
    if (type.flags & ts.TypeFlags.Object) return objectText(this.properties(type, form));
    return this.checker.typeToString(type);
  }

  private parts(type: ts.Type): ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  /** `Output<T>` is `OutputInstance<T>` joined with what lifts the members of T. */
  private outputValue(type: ts.Type): ts.Type | undefined {
    const instance = this.parts(type)
      .flatMap((part) => (part.isIntersection() ? part.types : [part]))
      .find((part) => part.getSymbol()?.name === "OutputInstance");
    return instance && this.checker.getTypeArguments(instance as ts.TypeReference)[0];
  }

  private instanceOf(type: ts.Type): ts.Type {
    const signature = type.getConstructSignatures()[0];
    if (!signature) throw new Error("not a class");
    return signature.getReturnType();
  }
}
