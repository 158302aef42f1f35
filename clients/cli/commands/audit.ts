import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { verifyExport } from '../../audit/verify.ts';
import type { Run } from '../main.ts';

const EXIT = { intact: 0, tampered: 1, undecidable: 2 } as const;

export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command('audit').description('the tamper-evident trail');

  audit
    .command('export <file>')
    .description('write the whole trail as JSON lines that verify offline; - for standard output')
    .addHelpText('after', '\nExample:\n  $ idlewise audit export trail.jsonl')
    .action(async function (this: Command, file: string) {
      await run(this, async (context) => {
        const trail = await context.signingAudit();
        await trail.checkpoint(new Date().toISOString());
        await pipeline(Readable.from(trail.export()), file === '-' ? process.stdout : createWriteStream(file), {
          end: file !== '-',
        });
        if (file !== '-') context.out.value({ file, anchor: await trail.latestAnchor() }, `wrote ${file}`);
      });
    });

  audit
    .command('verify [file]')
    .description('check an export, or the live trail; exits 0 intact, 1 tampered, 2 when it cannot be decided')
    .option('--public-key <pem>', 'file with the public key to trust instead of the embedded one')
    .option('--anchor <file>', 'a checkpoint that was kept outside the database')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise audit verify trail.jsonl\n  $ idlewise audit verify trail.jsonl --public-key audit.pub --anchor anchors/checkpoint-0000000042.json',
    )
    .action(async function (this: Command, file: string | undefined) {
      const o = this.opts<{ publicKey?: string; anchor?: string }>();
      await run(this, async (context) => {
        const content = file ? createReadStream(file) : (await context.signingAudit()).export();
        const result = await verifyExport({
          content,
          ...(o.publicKey && { publicKeyPem: await readFile(o.publicKey, 'utf8') }),
          ...(o.anchor && { anchorFile: o.anchor }),
        });
        const { counts, firstProblem } = result;
        const verdict = {
          intact: `intact: ${counts.events} events in ${counts.streams} streams, ${counts.checkpoints} checkpoints (key: ${result.keySource}); ${result.afterLastCheckpoint} events since the last checkpoint`,
          tampered: `TAMPERED: ${firstProblem ? JSON.stringify(firstProblem) : 'unknown place'}`,
          undecidable: `cannot be decided: ${result.undecidable}`,
        }[result.status];
        context.out.value(result, verdict);
        return EXIT[result.status];
      });
    });
}
