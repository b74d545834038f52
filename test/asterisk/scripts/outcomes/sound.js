export default async function (agi) {
  setTimeout(() => Promise.reject(new Error('over the sound')), 1000);
  await agi.streamFile('demo-congrats');
}
