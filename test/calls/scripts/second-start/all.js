export default async (agi) => {
  const told = Object.keys(process.env).filter((name) => name.startsWith('FASTAGI'));
  const all = [process.getuid(), agi.args, agi.request.agi_callerid, agi.query.get('q'), agi.config.fastagi.basedir, told];
  await agi.setVariable('all', JSON.stringify(all));
};
