export default async (agi) => {
  let heard = 0;
  for await (const part of agi.audio) heard += part.length;
  await agi.setVariable('who', process.getuid() + agi.args[0] + heard);
};
