import { expect, it } from 'vitest';
import { createEnvironmentReader } from '../../../src/agi/wire/environment-reader';

const whole = (bytes: string) => createEnvironmentReader().push(bytes);

it('takes an environment of 65,536 bytes, and none that is longer', () => {
  const environment = `agi_x: ${'x'.repeat(65_536 - 'agi_x: '.length)}`;
  expect(whole(`${environment}\n\n`)).toEqual({ environment, rest: '' });
  expect(() => whole(`${environment}y\n\n`)).toThrow(/larger than 65536 bytes/);
  expect(whole(`${environment}\n\nand more`)?.rest).toBe('and more');
  expect(whole(`${environment}yz`)).toBeUndefined();
  expect(() => whole(`${environment}yz.`)).toThrow(expect.objectContaining({ code: 'FASTAGI_ENVIRONMENT_LARGE' }));
});

it('says how much has come, and which lines', () => {
  const reader = createEnvironmentReader();
  expect([reader.size, reader.soFar, reader.mayBeWhole, reader.settle()]).toEqual([0, '', false, undefined]);
  reader.push('agi_version: 1\nagi_x: y\nagi_');
  expect([reader.size, reader.soFar, reader.mayBeWhole]).toEqual([28, 'agi_version: 1\nagi_x: y', false]);
  reader.push('z: \n\n');
  expect([reader.size, reader.mayBeWhole]).toEqual([33, true]);
  expect(reader.settle()).toEqual({ environment: 'agi_version: 1\nagi_x: y\nagi_z: ', rest: '' });
});

it('takes a carriage return for a part of the line only if the first line ends with one', () => {
  expect(whole('agi_version: 1\nagi_x: y\r\nagi_threadid: 1\n\n')?.environment).toBe('agi_version: 1\nagi_x: y\r\nagi_threadid: 1');
  expect(whole('agi_version: 1\r\nagi_x: y\r\nagi_threadid: 1\r\n\r\n')?.environment).toBe('agi_version: 1\nagi_x: y\nagi_threadid: 1');
});

it('knows by the next argument that an empty line was one of a value', () => {
  const head = 'agi_version: 1\nagi_threadid: 1\nagi_arg_1: one\n\n';
  expect(whole(`${head}agi_arg_2: two\n\n`)?.environment).toBe(`${head}agi_arg_2: two`);
  expect(whole(`${head}agi_arg_3: three\n\n`)?.environment).toBe(head.slice(0, -2));
  expect(whole('\n')).toEqual({ environment: '', rest: '' });
});
