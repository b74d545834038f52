// The small changes that scripts/mutate.mjs makes to a source file, each of which a test should notice.
import { parseSync, Visitor } from 'rolldown/utils';

const swapped = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '<<': '>>',
  '>>': '<<',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

/** Each as the text from `start` to `end`, and what stands there instead. What only words a message, or only types, is left alone. */
export function mutationsOf(file, text) {
  const { program } = parseSync(file, text, { lang: 'ts' });
  const found = [];
  const change = (start, end, to, what) => found.push({ start, end, to, what, line: text.slice(0, start).split('\n').length });
  const passedOver = [];
  const isPassedOver = ({ start, end }) => passedOver.some((range) => range.start <= start && end <= range.end);

  new Visitor({
    NewExpression(node) {
      if (node.callee.name?.endsWith('Error')) passedOver.push(node);
    },
    TemplateLiteral: (node) => passedOver.push(node),
    ImportDeclaration: (node) => passedOver.push(node),
    ExportNamedDeclaration: (node) => node.source && passedOver.push(node),
    TSInterfaceDeclaration: (node) => passedOver.push(node),
    TSTypeAliasDeclaration: (node) => passedOver.push(node),
    TSTypeAnnotation: (node) => passedOver.push(node),
    CallExpression(node) {
      if (/^(?:info|warn|error)$/.test(node.callee.property?.name ?? '')) passedOver.push(...node.arguments);
    },
  }).visit(program);

  const operator = (node) => {
    const to = swapped[node.operator];
    if (!to || isPassedOver(node)) return;
    const between = text.slice(node.left.end, node.right.start);
    const at = node.left.end + between.indexOf(node.operator);
    change(at, at + node.operator.length, to, `${node.operator} -> ${to}`);
  };
  const negated = ({ test }) => {
    if (test && !isPassedOver(test)) change(test.start, test.end, `!(${text.slice(test.start, test.end)})`, 'negated condition');
  };
  new Visitor({
    BinaryExpression: operator,
    LogicalExpression: operator,
    IfStatement: negated,
    ConditionalExpression: negated,
    WhileStatement: negated,
    UnaryExpression(node) {
      if (node.operator === '!' && !isPassedOver(node)) change(node.start, node.argument.start, '', 'without !');
    },
    Literal(node) {
      if (isPassedOver(node)) return;
      if (typeof node.value === 'boolean') change(node.start, node.end, String(!node.value), `${node.value} -> ${!node.value}`);
      if (typeof node.value === 'number') change(node.start, node.end, `(${node.raw} + 1)`, `${node.raw} -> one more`);
      if (typeof node.value === 'string' && node.value !== '' && !isBuiltin(node)) change(node.start, node.end, "''", `${node.raw} -> ''`);
    },
    ExpressionStatement(node) {
      if (/^(?:Call|Await|Assignment|Update|Unary)Expression$/.test(node.expression.type))
        change(node.start, node.end, ';', 'without this statement');
    },
  }).visit(program);
  const keys = new Set();
  new Visitor({ Property: ({ key }) => keys.add(key.start) }).visit(program);
  return found.filter(({ start }) => !keys.has(start)).toSorted((one, other) => one.start - other.start);

  /** What `getBuiltinModule` and `import` are given. */
  function isBuiltin(node) {
    return /^['"]node:/.test(node.raw);
  }
}
