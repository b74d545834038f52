export default async (agi) => {
  const { phpagi, sections } = agi.config;
  await agi.setVariable('seen', process.env.PATH + JSON.stringify(process.env) + phpagi.smtp + JSON.stringify(sections));
  throw new Error('boom');
};
