export default async (agi) => {
  console.log('printed');
  agi.log.info('logged');
};
