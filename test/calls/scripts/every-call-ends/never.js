const actOf = (code) => new Function('agi', `return ${code}`);

/** Does what its first argument says, and then nothing, for ever. */
export default async (agi) => {
  const act = actOf(agi.args[0]);
  await act(agi).catch(() => 0);
  await new Promise(() => 0);
};
