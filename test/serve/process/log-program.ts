import { writeSync } from 'node:fs';
import { openCallLog } from '../../../src/serve/process/log';
import { guardWire } from '../../../src/serve/process/stdio';

/*
 * Opens the log that it is told, `-` for none, writes to it, and prints on both descriptors.
 */

const [, , target = ''] = process.argv;
const log = openCallLog(guardWire(), target === '-' ? undefined : target, 'root');
log.info('begun');
log.label('PJSIP/1 x.js');
log.warn('careful');
writeSync(1, 'printed on 1\n');
writeSync(2, 'printed on 2\n');
log.error('over');
log.finish();
