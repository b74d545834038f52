// Loaded before bin/fastagi by start-cache.mjs: keeps what V8 made of the program in the file that FASTAGI_START_CACHE names.
'use strict';
const { closeSync, openSync, writeSync } = require('node:fs');
const vm = require('node:vm');

// Opened while this is still root: the call ends as the owner of its script.
const file = openSync(process.env.FASTAGI_START_CACHE, 'wx', 0o644);
const { Script } = vm;
let script;
vm.Script = class extends Script {
  constructor(...args) {
    super(...args);
    script ??= this;
  }
};

process.on('exit', () => {
  writeSync(file, script.createCachedData());
  closeSync(file);
});
