export default async (agi) => {
  await agi.release();
  throw new Error('upload failed');
};
