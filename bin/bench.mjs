import { runEntry } from './launch.mjs';

await runEntry('bench/main.ts');
