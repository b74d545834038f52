// The same with ding-dong of npm. ding-dong.cjs MODULE PORT COMMANDS
const { log } = console;
console.log = () => undefined;
const [where, port, commands] = process.argv.slice(2);
const AGIServer = require(where);
new AGIServer(async (context) => {
  try {
    await context.onEvent('variables');
    for (let left = Number(commands); left > 0; left--) await context.verbose('called', 1);
    await context.setVariable('FASTAGISTATUS', 'SUCCESS');
    await context.end();
  } catch (error) {
    log(error);
  }
}).start(Number(port));
