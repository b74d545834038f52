/** A script that says what its own classes say of errors that the running program throws, and throws one of its own. */
module.exports =
  ({ CommandError, FastagiError, HangupError, UsageError }) =>
  async (agi) => {
    const caught = [];
    for (const call of [() => agi.setVariable('X', undefined), () => agi.exec('Nothing'), () => agi.waitForDigit(10)]) {
      await call().catch((error) =>
        caught.push([UsageError, CommandError, HangupError, FastagiError].map((known) => error instanceof known)),
      );
    }
    await agi.setVariable('caught', JSON.stringify(caught));
    throw new HangupError('it is over');
  };
