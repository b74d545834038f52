export default async () => {
  throw new Error('bad');
};
