// What @types/node leaves out.
interface Buffer {
  latin1Slice(start: number, end: number): string;
}
