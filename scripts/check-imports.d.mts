/** @param source the directory that is looked at @returns what is wrong, a line each, and how much was seen */
export function checkImports(source: string): { problems: string[]; modules: number; imports: number };
