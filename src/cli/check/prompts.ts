import { parse, type AnyNode, type CallExpression, type Expression } from 'acorn';

/** A sound that a script plays, as it stands there. */
export interface LiteralPrompt {
  readonly sound: string;
  readonly line: number;
}

/** Which argument of a method holds sounds, and its options that do. */
interface Place {
  readonly at: number;
  /** Pairs of a key and prompts, or an object of such. */
  readonly isChoices?: true;
  readonly optionsAt?: number;
}

const places: Readonly<Record<string, Place>> = {
  streamFile: { at: 0 },
  controlStreamFile: { at: 0 },
  getOption: { at: 0 },
  getData: { at: 0 },
  speechRecognize: { at: 0 },
  play: { at: 0 },
  playWhile: { at: 1 },
  ask: { at: 0, optionsAt: 1 },
  menu: { at: 0, isChoices: true, optionsAt: 2 },
  fastpassStreamFile: { at: 1 },
  fastpassGetData: { at: 1 },
  fastpassMenu: { at: 1, isChoices: true, optionsAt: 3 },
};

/** Applications whose first argument is sounds with & between them. */
const players = ['playback', 'background'];

/** The prompts that stand in a script as they are; what is worked out is not among them. @param code JavaScript @throws SyntaxError */
export function literalPrompts(code: string): LiteralPrompt[] {
  const tree = parse(code, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  });
  return callsIn(tree).flatMap(promptsOfCall);
}

function callsIn(node: AnyNode): CallExpression[] {
  const below = Object.values(node as unknown as Record<string, unknown>)
    .flat()
    .filter(isNode)
    .flatMap(callsIn);
  return node.type === 'CallExpression' ? [node, ...below] : below;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function promptsOfCall({ callee, arguments: args }: CallExpression): LiteralPrompt[] {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return [];
  const method = callee.property.name;
  if (method === 'exec') return promptsOfExec(args);
  const place = Object.hasOwn(places, method) ? places[method] : undefined;
  if (!place) return [];
  const sounds = place.isChoices ? choices(args[place.at]) : prompts(args[place.at]);
  const options =
    place.optionsAt === undefined ? [] : ['invalid', 'onTimeout'].flatMap((name) => prompts(propertyOf(args[place.optionsAt ?? 0], name)));
  return [...sounds, ...options];
}

function promptsOfExec([application, options]: CallExpression['arguments']): LiteralPrompt[] {
  const [name] = prompts(application);
  if (!name || !players.includes(name.sound.toLowerCase())) return [];
  const first = options?.type === 'ArrayExpression' ? options.elements[0] : options;
  return prompts(first ?? undefined).flatMap(({ sound, line }) =>
    (sound.split(',')[0] ?? '').split('&').map((each) => ({ sound: each, line })),
  );
}

type Argument = CallExpression['arguments'][number] | undefined;

function prompts(node: Argument): LiteralPrompt[] {
  if (!node) return [];
  if (node.type === 'ArrayExpression') return node.elements.flatMap((element) => prompts(element ?? undefined));
  if (node.type === 'ConditionalExpression') return [...prompts(node.consequent), ...prompts(node.alternate)];
  if (node.type === 'LogicalExpression') return [...prompts(node.left), ...prompts(node.right)];
  if (node.type === 'ObjectExpression') return prompts(propertyOf(node, 'file'));
  const text = textOf(node);
  // A text behind a * is spoken.
  return text === undefined || text === '' || text.startsWith('*') ? [] : [{ sound: text, line: node.loc?.start.line ?? 0 }];
}

function choices(node: Argument): LiteralPrompt[] {
  if (node?.type === 'ObjectExpression')
    return node.properties.flatMap((property) => (property.type === 'Property' ? prompts(property.value) : []));
  if (node?.type !== 'ArrayExpression') return [];
  return node.elements.flatMap((pair) => (pair?.type === 'ArrayExpression' ? prompts(pair.elements[1] ?? undefined) : []));
}

function propertyOf(node: Argument, name: string): Expression | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const own = property.key.type === 'Identifier' ? property.key.name : textOf(property.key);
    if (own === name) return property.value;
  }
  return undefined;
}

function textOf(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
