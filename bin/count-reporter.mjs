// A reporter for node:test that writes only the totals of the whole run, as JSON.
export default async function* countReporter(source) {
  let counts;
  for await (const event of source) {
    // Each file has a summary of its own; the one without a file is the sum.
    if (event.type === 'test:summary' && event.data.file === undefined) counts = event.data.counts;
  }
  if (counts) yield JSON.stringify(counts);
}
