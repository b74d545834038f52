export default async function (agi) {
  console.log('to the log');
  console.error('510 to the log');
  process.stdout.write('HANGUP\n');
}
