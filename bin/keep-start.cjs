// Loaded before bin/fastagi by `fastagi prepare`: writes what V8 made of the program to the directory that FASTAGI_KEEP_START names.
'use strict';
const { writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const vm = require('node:vm');

// A script's environment does not hold it any more.
const target = process.env.FASTAGI_KEEP_START;
const { Script } = vm;
const scripts = new Map();
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    scripts.set(basename(options.filename, '.js'), this);
  }
};

process.on('exit', () => {
  // This call stays who it is; what a call does that becomes its script's owner is to be kept as well.
  const call = require('../dist/call.js');
  const nobody = 65_534;
  const settingsFile = process.argv.at(-1);
  try {
    const script = { path: settingsFile, name: 'warm', isProgram: false, uid: nobody, gid: nobody };
    call.chooseIdentity(script, { setuid: true, root: false, leastUid: 0, allowUsers: [] });
    call.assumeIdentity({ uid: process.geteuid(), gid: process.getegid() });
  } catch (error) {
    if (error.code !== 'FASTAGI_IDENTITY') throw error;
  }
  for (const [name, script] of scripts) writeFileSync(join(target, name), script.createCachedData(), { flag: 'wx', mode: 0o600 });
});
