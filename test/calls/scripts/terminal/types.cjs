const { spawnSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');

/** Types into the terminal that the process has: 3 without one, 4 where the kernel refuses, 0 where it was typed. */
const typing = `open(my $t, "+<", "/dev/tty") or exit 3; my $c = "x"; ioctl($t, 0x5412, $c) or exit 4;`;
const { status } = spawnSync('perl', ['-e', typing]);
writeFileSync(`${__dirname}/../out/loaded`, `${process.getuid()} ${status}`);

module.exports = async (agi) => {
  await agi.setVariable('typed', `${process.getuid()} ${status} ${agi.request.agi_channel}`);
};
