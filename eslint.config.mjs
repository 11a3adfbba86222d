import importX, { createNodeResolver } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * Imports run one way: config → components → index.ts, with the packages beside them; docs/architecture.md
 * says why. Each zone: what stands in `target` imports nothing of `from`, but for `except`.
 */
const zones = [
  {
    target: "./config",
    from: ["./components", "./packages", "./index.ts", "./scripts", "./bench"],
    message: "config/ is pure data: it imports nothing of ours but itself",
  },
  {
    target: "./components",
    from: ["./packages/cli", "./packages/sandbox", "./index.ts", "./scripts", "./bench"],
    message: "components/ import config/ and the classes of packages/provider",
  },
  {
    target: "./components",
    from: "./packages/provider",
    except: ["./resources.ts"],
    message: "components/ import the resource classes alone: packages/provider/resources.ts",
  },
  {
    target: "./packages/provider",
    from: ["./config", "./components", "./packages/cli", "./packages/sandbox", "./index.ts"],
    message: "packages/provider imports nothing of ours",
  },
  {
    target: "./packages/azuredevops",
    from: ["./config", "./components", "./packages/cli", "./packages/sandbox", "./index.ts"],
    message: "packages/azuredevops stands in for a public package and imports nothing of ours",
  },
  {
    target: "./packages/model-stand-in",
    from: "./",
    except: ["./packages/model-stand-in", "./node_modules"],
    message: "packages/model-stand-in is a server of its own and imports nothing of ours",
  },
  {
    target: "./packages/sandbox",
    from: ["./config", "./components", "./packages/cli", "./index.ts"],
    message: "packages/sandbox imports nothing of ours but the shared files of packages/provider",
  },
  {
    target: "./packages/sandbox",
    from: "./packages/provider",
    // The simulated providers are served, and say what changed, as the real one does.
    except: ["./tokens.ts", "./serve.ts", "./userError.ts", "./propertyChanges.ts"],
    message: "packages/sandbox shares tokens and the serving of providers with packages/provider",
  },
  {
    target: "./packages/cli",
    from: ["./components", "./index.ts"],
    message: "packages/cli loads index.ts as a program only",
  },
  {
    target: ["./config", "./components", "./packages", "./index.ts"],
    from: "./tests",
    message: "nothing but tests imports tests",
  },
];

export default tseslint.config(
  {
    ignores: ["node_modules/", ".sandbox/", ".genaiops/", "coverage/", "schemas/", "flows/"],
  },
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".mjs", ".js"] })],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      // What is imported is declared: another package's update must not take it away.
      "import-x/no-extraneous-dependencies": ["error", { packageDir: import.meta.dirname }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // What is slow to load is required where it is first used; the modules are CommonJS.
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["config/**/*.ts", "components/**/*.ts", "packages/**/*.ts", "index.ts"],
    ignores: ["packages/sandbox/schemaGenerate.ts"],
    rules: {
      "import-x/no-extraneous-dependencies": [
        "error",
        { packageDir: import.meta.dirname, devDependencies: false },
      ],
    },
  },
  {
    files: ["config/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "config/ is read without Pulumi" }] },
      ],
    },
  },
);
