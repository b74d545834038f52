/*
 * The part of `$[...]` that dialplans use: | & = != < > <= >= + - * / % ! and brackets, over numbers and words.
 * See "Expressions" in Asterisk's documentation.
 */

const token = /\s*("(?:[^"\\]|\\.)*"|<=|>=|!=|[|&=<>+*/%()!-]|[^\s|&=<>+*/%()!-]+)/y;

/** From the weakest to the strongest; those in a row bind alike, from left to right. */
const levels: readonly (readonly string[])[] = [['|'], ['&'], ['=', '!=', '<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

/** An expression's value. What is no expression is given as it is, as Asterisk does after a warning. */
export function evaluate(expression: string): string {
  const tokens = tokensOf(expression);
  let at = 0;

  const operand = (): string => {
    const next = tokens[at++];
    if (next === '-') return String(-numberOf(operand()));
    if (next === '!') return isTrue(operand()) ? '0' : '1';
    if (next !== '(') return next ?? '';
    const value = level(0);
    at += 1;
    return value;
  };

  const level = (depth: number): string => {
    const operators = levels[depth];
    if (!operators) return operand();
    let value = level(depth + 1);
    while (operators.includes(tokens[at] ?? '')) value = apply(tokens[at++] as string, value, level(depth + 1));
    return value;
  };

  const value = level(0);
  return at < tokens.length ? expression.trim() : value;
}

function tokensOf(expression: string): string[] {
  token.lastIndex = 0;
  const tokens: string[] = [];
  for (let found = token.exec(expression); found; found = token.exec(expression)) tokens.push(found[1] as string);
  return tokens;
}

function apply(operator: string, left: string, right: string): string {
  if (operator === '|') return isTrue(left) ? left : right;
  if (operator === '&') return isTrue(left) && isTrue(right) ? left : '0';
  if (levels[2]?.includes(operator)) return compare(operator, left, right) ? '1' : '0';
  return String(calculate(operator, numberOf(left), numberOf(right)));
}

function compare(operator: string, left: string, right: string): boolean {
  const asNumbers = isNumber(left) && isNumber(right);
  const order = asNumbers ? Number(left) - Number(right) : left < right ? -1 : Number(left > right);
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator.startsWith('<')) return order < 0 || (operator === '<=' && order === 0);
  return order > 0 || (operator === '>=' && order === 0);
}

function calculate(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (right === 0) return 0;
  return operator === '/' ? left / right : left % right;
}

function isNumber(text: string): boolean {
  return /^\s*-?\d+(\.\d*)?\s*$/.test(text);
}

function numberOf(text: string): number {
  return isNumber(text) ? Number(text) : 0;
}

function isTrue(text: string): boolean {
  return text !== '' && text !== '""' && !(isNumber(text) && Number(text) === 0);
}
