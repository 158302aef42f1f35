import { bodyOf, notRun, recordedFiles } from './folder.ts';
import { VENDORS } from './readers/index.ts';
import { summaryOf, tableOf } from './table.ts';
import { walk } from './walk.ts';

if (notRun !== false) console.log(notRun);
else {
  const walked = await walk(recordedFiles(), VENDORS, bodyOf);
  console.log(`${tableOf(walked)}\n\n${summaryOf(walked)}`);
  const faults = walked.flatMap(({ file, faults: of }) => of.map((fault) => `${file}: ${fault}`));
  if (faults.length > 0) {
    console.error(`\n${faults.length} faults\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
}
