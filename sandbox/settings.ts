import { z } from 'zod';

/** What the estate's process is started with; written by the stack, read by sandbox/main.ts. */
export const SandboxSettings = z.object({
  stateDir: z.string(),
  motoUrl: z.string(),
  seed: z.number().int(),
  /** Names of the seeded assets to keep; left out: the whole estate. */
  assets: z.array(z.string()).optional(),
  /** So many like instances in one region instead of the labelled estate: for benches. */
  scale: z.object({ instances: z.number().int().positive(), idleShare: z.number().min(0).max(1) }).optional(),
  /** Fixed, so that links and configuration survive a restart. */
  ports: z.object({
    aws: z.number(),
    wiz: z.number(),
    servicenow: z.number(),
    jira: z.number(),
    slack: z.number(),
    openai: z.number(),
  }),
  slackAppUrl: z.string(),
  secrets: z.object({
    wizClientSecret: z.string(),
    servicenowPassword: z.string(),
    jiraApiToken: z.string(),
    slackBotToken: z.string(),
    slackSigningSecret: z.string(),
    modelApiKey: z.string(),
  }),
});
export type SandboxSettings = z.infer<typeof SandboxSettings>;

/** Where each part of the estate answers. */
export interface SandboxUrls {
  readonly aws: string;
  readonly wiz: string;
  readonly servicenow: string;
  readonly jira: string;
  readonly slack: string;
  readonly openai: string;
}

export function sandboxUrls(ports: SandboxSettings['ports']): SandboxUrls {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    aws: at(ports.aws),
    wiz: at(ports.wiz),
    servicenow: at(ports.servicenow),
    jira: at(ports.jira),
    slack: at(ports.slack),
    openai: at(ports.openai),
  };
}

/** The Jira account and service desk of the embedded estate. */
export const SANDBOX_JIRA = {
  email: 'idlewise.integration@acme.example',
  projectKey: 'OPS',
  serviceDesk: { id: '4', requestTypeId: '27' },
} as const;
export const WIZ_CLIENT_ID = 'idlewise-sandbox';
export const SANDBOX_MODEL = 'sandbox-assessor';
