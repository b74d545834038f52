const actOf = (code) => new Function('agi', `return ${code}`);

/** Does what its first argument says, and goes on. */
export default async (agi) => {
  await actOf(agi.args[0])(agi);
  await agi.noop();
};
