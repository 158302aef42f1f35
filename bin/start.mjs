import { runEntry } from './launch.mjs';

await runEntry('clients/start/main.ts');
