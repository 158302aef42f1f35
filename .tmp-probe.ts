import { importFocus } from './providers/cost/focus/import.ts';
const r = await importFocus(process.argv[2]!);
console.log(JSON.stringify(r, null, 1));
