// Reads a text by telephone keys (docs/api.md has the code), and says it back. Needs a speech engine.
//
//   exten => 102,1,Answer()
//    same => n,AGI(agi://127.0.0.1/input)
//    same => n,Hangup()

export default async function (fastagi) {
  await fastagi.say('Type a text. End it with the pound key.', '#');
  const text = await fastagi.textInput('upper');
  await fastagi.setVariable('TYPED', text);
  await fastagi.say(text === '' ? 'You typed nothing.' : `You typed ${text}`);
}
