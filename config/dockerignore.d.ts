/** The part that is used of a package without types of its own. */
declare module "@balena/dockerignore" {
  interface Ignore {
    add(patterns: string): Ignore;
    ignores(path: string): boolean;
  }
  function dockerIgnore(options: { readonly ignorecase: boolean }): Ignore;
  export = dockerIgnore;
}
