// A greeting and a menu of two levels. Who knows them types 2 3 at once, and hears nothing of it.
//
//   exten => 104,1,Answer()
//    same => n,AGI(agi://127.0.0.1/menu)
//    same => n,Goto(${CHOSEN},s,1)

export default async function (fastagi) {
  const keys = { digits: '' };
  await fastagi.fastpassStreamFile(keys, 'hello-world', '12');
  const department = await fastagi.fastpassMenu(keys, { 1: 'digits/1', 2: 'digits/2' });
  if (department === undefined) return;
  // A key that was pressed too early stops the first prompt as soon as it begins.
  const person = await fastagi.menu({ 3: 'digits/3', 4: 'digits/4' }, 3000, { attempts: 2 });
  await fastagi.setVariable('CHOSEN', `${department}-${person ?? 'anybody'}`);
}
