// A greeting and a menu of two levels with the same keys. Who knows them types 2 1 at once, and hears nothing of it.
//
//   exten => 104,1,Answer()
//    same => n,AGI(agi://127.0.0.1/menu)
//    same => n,Goto(${CHOSEN},s,1)

export default async function (fastagi) {
  const keys = { digits: '' };
  await fastagi.fastpassStreamFile(keys, 'hello-world', '12');
  // Each choice takes its key, so that the next menu gets the one behind it.
  const department = await fastagi.fastpassMenu(keys, { 1: 'digits/1', 2: 'digits/2' });
  if (department === undefined) return;
  const person = await fastagi.fastpassMenu(keys, { 1: 'digits/1', 2: 'digits/2', '*': 'digits/star' }, 3000, { attempts: 2 });
  await fastagi.setVariable('CHOSEN', `${department}-${person ?? 'anybody'}`);
}
