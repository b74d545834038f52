export default async function (agi) {
  await agi.setVariable('A', 'b\nc');
}
