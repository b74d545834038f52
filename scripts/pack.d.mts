/** The package as npm packs it; gives its file. @param directory where it goes */
export function packInto(directory: string): string;
