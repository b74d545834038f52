import type { Secrets } from './secrets';

/** How callers' numbers are shown. */
export type NumberStyle = 'full' | 'last3' | 'hashed';

/** A shorter one is an extension of this Asterisk's, or no number. */
const shortest = 5;

/** Has callers' numbers shown so, however they are written: with a +, with zeros, without either. */
export function hideNumbers(secrets: Secrets, numbers: readonly (string | undefined)[], style: NumberStyle): void {
  if (style === 'full') return;
  for (const number of numbers) {
    const [, digits = ''] = /^\D*0*([1-9]\d*)$/.exec(number ?? '') ?? [];
    if (digits.length >= shortest) secrets.show(digits, style === 'last3' ? `...${digits.slice(-3)}` : hashed(digits));
  }
}

/** The same for the same number on this machine. There are too few numbers to hash them without a key. */
function hashed(digits: string): string {
  const { createHmac } = process.getBuiltinModule('node:crypto');
  return `#${createHmac('sha256', machine()).update(`fastagi ${digits}`).digest('hex').slice(0, 10)}`;
}

/** @see https://www.freedesktop.org/software/systemd/man/latest/machine-id.html */
function machine(): string {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  for (const file of ['/etc/machine-id', '/proc/sys/kernel/random/boot_id']) {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      // The next one.
    }
  }
  return process.getBuiltinModule('node:os').hostname();
}
