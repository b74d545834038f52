import { CommandError, FastagiError, HangupError, UsageError } from 'fastagi';
import catches from './catches.cjs';

export default catches({ CommandError, FastagiError, HangupError, UsageError });
