import { isSecretName, maskedText } from '../ground/masking';
import { decodeText, percentDecoded } from '../ground/text';
import type { Sections, Settings } from './settings';

/** Whether an address, or another text, holds a password. */
export function holdsPassword(text: string | undefined): boolean {
  return text !== undefined && maskedText(text) !== text;
}

/** Whether the file holds anything that its name, or a password in an address, gives away as secret. */
export function hasSecrets({ sections }: Settings): boolean {
  return Object.values(sections).some((section) => Object.entries(section).some(isSecret));
}

/**
 * Takes every secret out of settings, in place: whoever holds them has none any more. All texts are made anew, since a text that V8 cut out
 * of the file keeps the whole file.
 */
export function withholdSecrets(settings: Settings): void {
  const { asmanager, phpagi, sections } = settings;
  const kept: Sections = {};
  for (const [name, section] of Object.entries(sections))
    kept[name] = Object.fromEntries(Object.entries(section).filter((entry) => !isSecret(entry)));
  const copy = {
    ...settings,
    withheld: true,
    asmanager: { ...asmanager, secret: sections['asmanager']?.['secret'] ? '' : asmanager.secret },
    phpagi: { ...phpagi, smtp: holdsPassword(phpagi.smtp) ? '' : phpagi.smtp },
    sections: kept,
  };
  Object.assign(settings, JSON.parse(JSON.stringify(copy)));
}

/** What the file has that is secret; not what everybody knows. */
export function secretValues({ sections }: Settings): string[] {
  const values: string[] = [];
  for (const section of Object.values(sections))
    for (const entry of Object.entries(section))
      if (isSecret(entry) && entry[1] !== usualSecret) values.push(entry[1], ...passwordOf(entry[1]));
  return values;
}

/** The manager's, unless the file has another. */
const usualSecret = 'phpagi';

/** The password in an address. */
function passwordOf(value: string): string[] {
  const password = value.includes('://') && URL.canParse(value) ? new URL(value).password : '';
  // A % may stand for itself, though it should be %25.
  return password === '' ? [] : [password, decodeText(percentDecoded(password))];
}

function isSecret([name, value]: [string, string]): boolean {
  return value !== '' && (isSecretName(name) || holdsPassword(value));
}
