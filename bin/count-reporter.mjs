import { relative } from 'node:path';

// A reporter for node:test that writes what the end of a run is told from, as JSON: the totals, what failed, and how long
// each file took. Only the last lines of a long run are kept by who runs it elsewhere.
export default async function* countReporter(source) {
  let counts;
  const failures = [];
  const files = [];
  const short = (file) => (file ? relative(process.cwd(), file) : '(no file)');
  for await (const event of source) {
    const { data } = event;
    if (event.type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
      const error = data.details?.error;
      const [line = ''] = String(error?.cause?.message ?? error?.message ?? error).split('\n');
      failures.push({ file: short(data.file), name: data.name, error: line.slice(0, 300) });
    }
    if (event.type !== 'test:summary') continue;
    // Each file has a summary of its own; the one without a file is the sum.
    if (data.file === undefined) counts = data.counts;
    else files.push({ file: short(data.file), seconds: Math.round(data.duration_ms / 100) / 10 });
  }
  if (counts) yield JSON.stringify({ counts, failures, files });
}
