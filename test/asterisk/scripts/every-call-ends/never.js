export default async function (agi) {
  await agi.verbose('@@ ready');
  await new Promise(() => {});
}
