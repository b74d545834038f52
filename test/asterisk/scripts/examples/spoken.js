import { given } from './parts.mjs';

/** An example as it is; what is spoken lies where this Asterisk sees it. */
export default async function (fastagi) {
  const { example, tempdir } = given(import.meta.url);
  const { default: script } = await import(example);
  fastagi.config.phpagi.tempdir = tempdir;
  return script(fastagi);
}
