// `npm start`: on a fresh clone installs and builds; afterwards only looks at stamps and starts.
const { ensureBuilt, ensureInstalled } = require('./bootstrap.cjs');

ensureInstalled();
ensureBuilt();
process.argv.splice(2, 0, 'start');
require('../apps/server/bin/kumiki.cjs');
