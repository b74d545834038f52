const catches = require('./catches.cjs');

module.exports = catches(require('fastagi'));
