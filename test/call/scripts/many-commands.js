// One command of each kind, and methods that are built on several.
module.exports = async (fastagi) => {
  await fastagi.answer();
  await fastagi.channelStatus();
  await fastagi.verbose(['a', { b: 'c' }]);
  await fastagi.setVariable('name', 'J\u00f6rg "\\" \u20ac');
  await fastagi.getVariable('name');
  await fastagi.getFullVariable('${name}-x');
  await fastagi.databasePut('family', 'key', 'value');
  await fastagi.databaseGet('family', 'key').catch(() => undefined);
  await fastagi.streamFile('beep', '#');
  await fastagi.controlStreamFile('beep', { escapeDigits: '1' }).catch(() => undefined);
  await fastagi.getData('beep', 10, 4);
  await fastagi.waitForDigit(10);
  await fastagi.sayDigits('123', '#');
  await fastagi.sayNumber(7);
  await fastagi.exec('NoOp', ['a,b', 'c']);
  await fastagi.play([{ number: 3 }, 'beep', { pause: 10 }], '0123456789');
  await fastagi.evaluate('NOOP "raw"');
  await fastagi.goto('context', 's', 1);
};
