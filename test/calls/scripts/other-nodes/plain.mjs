export default async (agi) => {
  await agi.setVariable('node', process.version);
};
