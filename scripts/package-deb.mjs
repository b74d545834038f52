// `npm run package:deb [-- DIR [REVISION]]`: makes fastagi_VERSION-REVISION_all.deb in DIR (this directory unless given), as Debian 13 takes it.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packInto } from './pack.mjs';
import { prepare } from './prepare.mjs';
import { root, run } from './run.mjs';

prepare();
await run('node', ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
// It imports what a fresh clone has only now.
const { load } = await import('./settings-help.mjs');
const { changesOf, shippedFiles } = await load(join(root, 'src/cli/setup/plan.ts'));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [directory = root, revision = '1'] = process.argv.slice(2);
const version = `${manifest.version}-${revision}`;
const target = resolve(directory);
const work = mkdtempSync(join(tmpdir(), 'fastagi-deb-'));
const tree = join(work, 'tree');
try {
  placeProgram();
  placeServices();
  placeDocuments();
  placeControl();
  const deb = join(target, `fastagi_${version}_all.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, deb], { stdio: ['ignore', 'ignore', 'inherit'] });
  console.log(`${deb}\nInstall it as root: apt install ${deb} && fastagi install`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function put(path, text, mode = 0o644) {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
}

/** The packed package with what it depends on, below /usr/lib/fastagi. */
function placeProgram() {
  const npm = (...args) => execFileSync('npm', [...args, '--loglevel=error'], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = packInto(work);
  npm('install', '--prefix', work, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', tarball);
  const there = join(tree, 'usr/lib/fastagi');
  cpSync(join(work, 'node_modules/fastagi'), there, { recursive: true });
  const modules = readdirSync(join(work, 'node_modules')).filter((name) => !name.startsWith('.') && name !== 'fastagi');
  for (const name of modules)
    cpSync(join(work, 'node_modules', name), join(there, 'node_modules', name), { recursive: true, filter: (path) => isNeeded(path) });
  for (const name of ['docs', 'CHANGELOG.md', 'SECURITY.md', 'THIRD-PARTY.md', 'README.md', 'LICENSE', 'dist/fastagi.1'])
    rmSync(join(there, name), { recursive: true, force: true });
  // What the registry has marked executable is none.
  for (const name of filesBelow(join(there, 'node_modules'))) chmodSync(join(there, 'node_modules', name), 0o644);
  for (const name of ['docs', 'README.md']) symlinkSync(`../../share/doc/fastagi/${name}`, join(there, name));
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  symlinkSync('../lib/fastagi/bin/fastagi', join(tree, 'usr/bin/fastagi'));
}

/** Licences stand in the copyright file. */
function isNeeded(path) {
  return !/(?:\/|^)(?:LICENSE|LICENCE|CHANGELOG|README|CONTRIBUTING)[^/]*$|\/\.[^/]*$/i.test(path);
}

/** As `fastagi install` would write them, but switched off. */
function placeServices() {
  const texts = Object.fromEntries(shippedFiles.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const asterisk = {
    etc: '/etc/asterisk',
    agi: '/var/lib/asterisk/agi-bin',
    spool: '/var/spool/asterisk',
    sounds: '',
    user: undefined,
  };
  const plan = { asterisk, command: ['/usr/bin/node', '/usr/bin/fastagi'], isBun: false, packageDirectory: '/usr/lib/fastagi', basedir: asterisk.agi, texts, hasOldScripts: false, isPortNamed: false, isForWorkers: false, configuration: undefined }; // prettier-ignore
  const changeOf = (superServer, path, more = {}) => changesOf({ ...plan, ...more, superServer }).find((change) => change.path === path);
  const [switchedOff] = changeOf('xinetd', '/etc/xinetd.d/fastagi').others;
  put('etc/xinetd.d/fastagi', switchedOff);
  put('etc/asterisk/phpagi.conf', changeOf('xinetd', '/etc/asterisk/phpagi.conf').text);
  for (const name of ['fastagi.socket', 'fastagi@.service'])
    put(`usr/lib/systemd/system/${name}`, changeOf('systemd', `/etc/systemd/system/${name}`).text);
  const workers = { isForWorkers: true, asterisk: { ...asterisk, user: 'asterisk' } };
  for (const name of ['fastagi-workers.socket', 'fastagi-workers.service'])
    put(`usr/lib/systemd/system/${name}`, changeOf('systemd', `/etc/systemd/system/${name}`, workers).text);
}

function placeDocuments() {
  put('usr/share/man/man1/fastagi.1.gz', gzipSync(readFileSync(join(root, 'dist/fastagi.1')), { level: 9 }));
  const doc = 'usr/share/doc/fastagi';
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  put(
    `${doc}/copyright`,
    `fastagi is under this licence (Expat):\n\n${licence}\n\n${readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8')}\n${licences()}`,
  );
  const changes = `fastagi (${version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${maintainer()}  ${new Date(Date.now()).toUTCString().replace('GMT', '+0000')}\n`;
  put(`${doc}/changelog.Debian.gz`, gzipSync(changes, { level: 9 }));
  put(`${doc}/changelog.gz`, gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }));
  put(`${doc}/README.md`, readFileSync(join(root, 'README.md')));
  cpSync(join(root, 'docs'), join(tree, doc, 'docs'), { recursive: true });
}

/** Of what it depends on. */
function licences() {
  const modules = join(work, 'node_modules');
  const names = readdirSync(modules).filter((name) => !name.startsWith('.') && name !== 'fastagi');
  return names
    .flatMap((name) => {
      const file = readdirSync(join(modules, name)).find((one) => /^licen[sc]e/i.test(one));
      return file ? [`\n${name}, below /usr/lib/fastagi/node_modules:\n\n${readFileSync(join(modules, name, file), 'utf8').trim()}\n`] : [];
    })
    .join('');
}

function maintainer() {
  return 'fastagi developers <fastagi@example.org>';
}

function placeControl() {
  const files = filesBelow(tree);
  const size = Math.ceil(files.reduce((sum, file) => sum + statSync(join(tree, file)).size, 0) / 1024);
  put(
    'DEBIAN/control',
    `Package: fastagi
Version: ${version}
Architecture: all
Maintainer: ${maintainer()}
Installed-Size: ${size}
Depends: nodejs (>= 20.19)
Recommends: xinetd
Suggests: asterisk
Section: comm
Priority: optional
Description: call logic for Asterisk in JavaScript and TypeScript
 A FastAGI bootstrap for xinetd, inetd and systemd, and an AGI library. For
 each call that the dialplan sends to it, it finds the script that the request
 names, becomes its owner and runs it.
 .
 The service is disabled until "fastagi install" has been run.
`,
  );
  put('DEBIAN/conffiles', '/etc/asterisk/phpagi.conf\n/etc/xinetd.d/fastagi\n');
  // What is kept of the program is for one Node.
  put('DEBIAN/triggers', 'interest-noawait /usr/bin/node\n');
  for (const name of ['postinst', 'prerm', 'postrm']) put(`DEBIAN/${name}`, readFileSync(join(root, 'debian', name)), 0o755);
  const sums = files.filter((file) => !file.startsWith('etc/') && !file.startsWith('DEBIAN/'));
  put('DEBIAN/md5sums', sums.map((file) => `${createHash('md5').update(readFileSync(join(tree, file))).digest('hex')}  ${file}\n`).join('')); // prettier-ignore
}

/** No links. */
function filesBelow(directory) {
  return execFileSync('find', [directory, '-type', 'f', '-printf', '%P\n'], { encoding: 'utf8' }).split('\n').filter((name) => name !== '').toSorted(); // prettier-ignore
}
