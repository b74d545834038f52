export default async function (agi) {
  process.exit(3);
}
