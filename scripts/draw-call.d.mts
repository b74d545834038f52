/** A recording of a terminal (asciicast 2) as a picture of its last moment. */
export function svgOf(cast: string): string;
