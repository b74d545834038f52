const actOf = (code) => new Function('agi', `return ${code}`);

/** Makes the mistake of its first argument, again and again. */
export default async (agi) => {
  const act = actOf(agi.args[0]);
  await agi.noop();
  for (;;) {
    try {
      await act(agi);
    } catch {}
  }
};
