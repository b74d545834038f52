/** The file's module, by `import()`: a file of its own, as what bin/fastagi takes from V8's cache cannot import. */
export function importFile(path: string): Promise<unknown> {
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return import(pathToFileURL(path).href);
}
