import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../src/ground/errors';
import { requestPath } from '../../src/script/request-path';

const refusal = (named: string | undefined): ScriptError => {
  try {
    requestPath(named);
  } catch (error) {
    if (error instanceof ScriptError) return error;
  }
  throw new Error(`${named} was taken`);
};

describe('the path that a request names', () => {
  it.each([
    ['test-agi.js', 'test-agi.js'],
    ['sub/dir/x', 'sub/dir/x'],
    ['x.js?foo=../bar&b=1', 'x.js'],
    ['x.js?', 'x.js'],
    ['a%20b%3f.js', 'a b?.js'],
    ['gr%C3%BC%C3%9Fe.js', 'grüße.js'],
    ['a+b..c/x...', 'a+b..c/x...'],
    ['%252e%252e/x.js', '%2e%2e/x.js'],
  ])('%s is %s, decoded once', (named, path) => {
    expect(requestPath(named)).toBe(path);
  });

  it.each([undefined, '', '?a=b'])('%s names no script', (named) => {
    expect(refusal(named)).toMatchObject({ code: 'FASTAGI_SCRIPT_UNNAMED', status: 'NOTFOUND' });
  });

  it.each([
    '../x.js', 'a/../../x.js', '%2e%2e/x.js', '%2E./x.js', '..%2fx.js', 'a/..', './x.js', '/etc/x.js', '%2fetc/x.js', '//x.js', 'a//x.js',
    'a/', 'x.js%00.txt', 'x%0a.js', 'x\x7f.js', 'a\\x.js', '..%5cx.js', '%', '%zz.js', '%ff.js', '.hidden.js', 'a/.git/x.js',
    'node_modules/x/index.js', 'a/node_modules/x.js', '\ud800.js',
  ])('refuses %j', (named) => {
    const error = refusal(named);
    expect(error).toMatchObject({ code: 'FASTAGI_SCRIPT_FORBIDDEN', status: 'FORBIDDEN' });
    expect(error.message).not.toMatch(/[\0-\x1f]/);
  }); // prettier-ignore
});
