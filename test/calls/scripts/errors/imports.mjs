import { HangupError } from 'fastagi';
export default async () => HangupError;
