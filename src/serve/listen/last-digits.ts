/** Of each number, which may be a caller's, the last three digits only. */
export function lastDigits(text: string): string {
  return text.replace(/\d{4,}/g, (digits) => `...${digits.slice(-3)}`);
}
