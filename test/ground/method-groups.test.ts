import { expect, it } from 'vitest';
import { methodGroup, prototypeWith } from '../../src/ground/method-groups';

interface Counted {
  readonly name: string;
  made: number;
}
interface First {
  one(): string;
  two(): string;
}
interface Second {
  three(): string;
}
type All = Counted & First & Second;

const first = methodGroup<Counted, First>({ one: true, two: true }, (self) => {
  self.made += 1;
  return { one: () => `one of ${self.name}`, two: () => `two of ${self.name}` };
});
const second = methodGroup<Counted & First, Second>({ three: true }, (self) => ({ three: () => `three, ${self.one()}` }));
const prototype = prototypeWith<Counted & First>([second], prototypeWith<Counted>([first]));
const object = (name: string): All => Object.assign(Object.create(prototype) as All, { name, made: 0 });

it('makes the methods of a group once, for each object, when one of them is asked for', () => {
  const [a, b] = [object('a'), object('b')];
  expect([a.made, Object.keys(a)]).toEqual([0, ['name', 'made']]);
  expect([a.two(), a.one(), a.three(), b.one()]).toEqual(['two of a', 'one of a', 'three, one of a', 'one of b']);
  expect([a.made, b.made]).toEqual([1, 1]);
  expect(Object.keys(a)).toEqual(['name', 'made', 'one', 'two', 'three']);
});

it('has methods that can be taken off their object, and that are the same each time', () => {
  const a = object('a');
  const { three, one } = a;
  expect([three(), one()]).toEqual(['three, one of a', 'one of a']);
  expect(a.one).toBe(one);
  expect('two' in a).toBe(true);
});

it.each(['before', 'behind'])('has methods that can be replaced, %s the first one was made', (when) => {
  const a = object('a');
  if (when === 'behind') a.two();
  a.one = () => 'another';
  expect([a.one(), a.three(), a.two()]).toEqual(['another', 'three, another', 'two of a']);
});
