/** A file's extension with its dot, or an empty text; node:path would cost the caller more. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}

/** Whether it is a test that lies beside its script, `menu.test.js`: no call may run it. */
export function isTest(path: string): boolean {
  return path.slice(0, -extensionOf(path).length || undefined).endsWith('.test');
}
