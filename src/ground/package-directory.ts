/** Where this package's built files lie, and the package itself. */
export const dist = __dirname;
export const packageDirectory = dist.slice(0, dist.lastIndexOf('/'));
