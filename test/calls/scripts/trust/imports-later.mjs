export default async (agi) => {
  const { default: name } = await import('others');
  await agi.setVariable('ran', name);
};
