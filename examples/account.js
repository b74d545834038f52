// Asks for an account and its PIN, three times at most, and then tells the balance, takes a message, or rings somebody.
// Accounts are in Asterisk's database: account/NUMBER/pin, account/NUMBER/balance (in cents), account/NUMBER/agent.
//
//   exten => 108,1,Answer()
//    same => n,AGI(agi://127.0.0.1/account)
//    same => n,Hangup()

export default async function (fastagi) {
  const account = await logIn(fastagi);
  if (account === undefined) {
    await fastagi.streamFile('vm-goodbye');
    return;
  }
  await fastagi.setVariable('CDR(accountcode)', account);
  for (;;) {
    const choice = await fastagi.menu({
      1: '*For your balance, press one.',
      2: '*For a message, two.',
      3: '*For your agent, three.',
      9: '*To end, nine.',
    });
    if (choice === '1') await tellBalance(fastagi, account);
    else if (choice === '2') await takeMessage(fastagi, account);
    else if (choice === '3') await ringAgent(fastagi, account);
    else break;
  }
  await fastagi.streamFile('vm-goodbye');
}

/** Gives the account, or undefined where the caller could not name one. */
async function logIn(fastagi) {
  let account;
  const answer = await fastagi.ask('*Please enter your account and the pound key.', {
    digits: { min: 4, max: 8 },
    async validate(digits) {
      const pin = await fastagi.databaseGet(`account/${digits}`, 'pin', { secret: true });
      const entered = await fastagi.ask('vm-password', { digits: { min: 4, max: 6 }, attempts: 1, secret: true });
      account = digits;
      return pin !== undefined && entered.outcome === 'entered' && entered.digits === pin;
    },
    invalid: 'vm-incorrect',
  });
  if (answer.outcome === 'entered') return account;
  fastagi.log.warn(`log-in failed for ${fastagi.request.agi_callerid}`);
  return undefined;
}

async function tellBalance(fastagi, account) {
  const cents = Number((await fastagi.databaseGet(`account/${account}`, 'balance')) ?? 0);
  await fastagi.say(`Your balance is ${Math.trunc(cents / 100)} dollars and ${Math.abs(cents % 100)} cents.`, '#');
}

async function takeMessage(fastagi, account) {
  const file = `/var/spool/asterisk/messages/${account}-${Date.now()}`;
  try {
    await fastagi.recordFile(file, 'wav', '#', 60_000, { beep: true, silence: 3 });
  } finally {
    // A caller who hangs up has left a message as well.
    await fastagi.databasePut(`account/${account}`, 'message', file);
  }
}

async function ringAgent(fastagi, account) {
  const agent = await fastagi.databaseGet(`account/${account}`, 'agent');
  await fastagi.execDial('PJSIP', agent ?? 'reception', 20, 'tT');
  const status = await fastagi.getVariable('DIALSTATUS');
  if (status !== 'ANSWER') await fastagi.say('Nobody is there just now.');
}
