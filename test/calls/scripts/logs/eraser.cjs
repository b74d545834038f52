module.exports = () => require('node:fs').ftruncateSync(2);
