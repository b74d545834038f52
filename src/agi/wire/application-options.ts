import { UsageError } from '../../ground/errors';
import { textOf } from '../../ground/argument';
import { escapeElement } from '../../ground/element';
import type { Argument } from './command-line';

/**
 * The elements of an application's options as the one text that EXEC takes: joined by commas, and each element
 * escaped so that the application reads it whole. Undefined elements are left empty. Throws UsageError for what is neither text nor a finite number.
 */
export function applicationOptions(elements: readonly (Argument | undefined)[]): string {
  return elements
    .map((element, index) => (element === undefined ? '' : escapeElement(textOf(element, 'EXEC', `element ${index + 1}`))))
    .join(',');
}

/** The arguments of a subroutine. Gosub takes no escapes back: throws UsageError for what would arrive otherwise than it was given. */
export function subroutineArguments(elements: readonly Argument[]): string {
  for (const [index, element] of elements.entries()) {
    const text = textOf(element, 'GOSUB', `argument ${index + 1}`);
    if (escapeElement(text) === text) continue;
    const what = 'a comma, a quote, a backslash or a single bracket';
    throw new UsageError(
      'FASTAGI_ARGUMENT_GOSUB',
      `GOSUB: argument ${index + 1} holds ${what}, which Gosub cannot take; pass it in a variable (setVariable) and its name here`,
    );
  }
  return elements.join(',');
}
