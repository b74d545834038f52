export default async function (agi) {
  throw new Error('the reason');
}
