import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_STACK, NAMED_STACKS, stackOf, UnknownStack } from '../../sandbox/stacks.ts';

export interface StartOptions {
  readonly demo: boolean;
  readonly fresh: boolean;
  readonly report: string | null;
  readonly stateDir: string;
  /** Whose products the embedded estate has. */
  readonly stack: string;
  /** Say what was tried in vain while servers were looked for. */
  readonly verbose: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm start [-- options]

  --demo           run without a person: a scripted approver presses the buttons, then it ends
  --report <file>  with --demo: write the outcomes as JSON
  --fresh          throw away the state of the last run first
  --state <dir>    where state is kept (default .idlewise/start, .idlewise/demo with --demo)
  --stack <name>   whose products, joined by dashes (default ${DEFAULT_STACK});
                   try ${NAMED_STACKS.slice(1, 3).join(', ')},
                   ${NAMED_STACKS.slice(3).join(', ')}, or your own, such as orca-aws-jira
  --verbose        say what was tried in vain while servers were looked for
  --help           this text`;

/** A mistake in how the command was written. */
export class BadOption extends Error {}

/** @throws BadOption naming the option and the fix. */
export function readStartOptions(argv: readonly string[], cwd: string): StartOptions {
  const values = parse(argv);
  const demo = values.demo ?? false;
  if (values.report && !demo) throw new BadOption('--report only makes sense with --demo: add --demo, or leave it out');
  const absolute = (path: string) => (isAbsolute(path) ? path : join(cwd, path));
  return {
    demo,
    help: values.help ?? false,
    verbose: values.verbose ?? false,
    stack: stackName(values.stack),
    // Outcomes are compared with what the estate was seeded to give: yesterday's half-finished runs would only confuse.
    fresh: values.fresh ?? demo,
    report: values.report ? absolute(values.report) : null,
    stateDir: absolute(values.state ?? (demo ? '.idlewise/demo' : '.idlewise/start')),
  };
}

function stackName(name: string = DEFAULT_STACK): string {
  try {
    return stackOf(name).name;
  } catch (error) {
    if (error instanceof UnknownStack) throw new BadOption(`--stack: ${error.message}`);
    throw error;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        demo: { type: 'boolean' },
        fresh: { type: 'boolean' },
        report: { type: 'string' },
        state: { type: 'string' },
        stack: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new BadOption((error as Error).message);
  }
}
