import type { Command } from 'commander';
import type { Run } from './main.ts';

type Add = (program: Command, run: Run) => void;

/** In the order in which the help shows them, by the words they begin with: each is loaded when it is called. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Add>])[] = [
  [['doctor'], async () => (await import('./commands/doctor.ts')).addDoctorCommand],
  [['sweep'], async () => (await import('./commands/sweep.ts')).addSweepCommand],
  [['schedule'], async () => (await import('./commands/schedule.ts')).addScheduleCommand],
  [['list', 'show', 'report'], async () => (await import('./commands/read.ts')).addReadCommands],
  [['quarantine'], async () => (await import('./commands/quarantine.ts')).addQuarantineCommand],
  [['decide'], async () => (await import('./commands/decide.ts')).addDecideCommand],
  [['kill-switch', 'phase'], async () => (await import('./commands/admin.ts')).addAdminCommands],
  [['audit'], async () => (await import('./commands/audit.ts')).addAuditCommands],
  [['evaluate'], async () => (await import('./commands/evaluate.ts')).addEvaluateCommand],
  [['rules'], async () => (await import('./commands/rules.ts')).addRulesCommand],
  [['export'], async () => (await import('./commands/export.ts')).addExportCommand],
  [['evidence'], async () => (await import('./commands/evidence.ts')).addEvidenceCommand],
  [['focus'], async () => (await import('./commands/focus.ts')).addFocusCommands],
];

/** Adds the command that is called, or all of them when it is not known which: for the help, and for what is misspelt. */
export async function loadCommands(program: Command, run: Run, args: readonly string[]): Promise<void> {
  const called = firstWord(args);
  const one = COMMANDS.filter(([names]) => called !== undefined && names.includes(called));
  for (const [, load] of one.length > 0 ? one : COMMANDS) (await load())(program, run);
}

/** The first argument that is neither a global option nor the value of one. */
function firstWord(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg, i) => !arg.startsWith('-') && !['-c', '--config'].includes(args[i - 1] ?? ''));
  return at === -1 ? undefined : args[at];
}
