export default async function (agi) {
  throw new Error('the reason, "quoted"\nand a second line');
}
