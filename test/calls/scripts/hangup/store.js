const actOf = (code) => new Function('agi', `return ${code}`);

/** Does what its first argument says, and stores what it knows whatever comes of it. */
export default async (agi) => {
  const act = actOf(agi.args[0]);
  try {
    await act(agi);
  } catch (error) {
    await agi.setVariable('thrown', error.code);
    throw error;
  } finally {
    await agi.databasePut('results', 'kept', String(agi.hungUp) + agi.signal.aborted);
  }
};
