import { runEntry } from './launch.mjs';

// Gives the recorded answers of real systems to the adapters and prints what became of their rows.
await runEntry('test/recorded/main.ts');
