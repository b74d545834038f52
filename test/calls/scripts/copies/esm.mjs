import { CommandError, FastagiError, HangupError, UsageError } from 'fastagi';

/** What a script's own classes say of errors that the running program throws, and the program of the script's. */
const script = async (agi) => {
  const caught = [];
  for (const call of [() => agi.setVariable('X', undefined), () => agi.exec('Nothing'), () => agi.waitForDigit(10)]) {
    await call().catch((error) =>
      caught.push([UsageError, CommandError, HangupError, FastagiError].map((known) => error instanceof known)),
    );
  }
  await agi.setVariable('caught', JSON.stringify(caught));
  throw new HangupError('it is over');
};
export default script;
