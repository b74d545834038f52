export default async (agi) => agi.setVariable('ran', '1');
