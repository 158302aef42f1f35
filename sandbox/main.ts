import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAwsEndpoint, readSavedEstate } from './aws/index.ts';
import { cloudStateFrom, createObserver } from './cloud-state.ts';
import { buildEstate } from './estate/build.ts';
import { buildScaleEstate } from './estate/scale.ts';
import { createJiraSimulator } from './jira/index.ts';
import { createOpenAiSimulator } from './openai/index.ts';
import { createServiceNowSimulator } from './servicenow/index.ts';
import { SANDBOX_JIRA, SANDBOX_MODEL, SandboxSettings, sandboxUrls, WIZ_CLIENT_ID } from './settings.ts';
import { createSlackSimulator } from './slack/index.ts';
import { createWizSimulator } from './wiz/index.ts';

/** `node sandbox/main.ts settings.json`: the whole estate in one process, so that all vendors see the same cloud. */
const settings = SandboxSettings.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const stateFile = (name: string) => join(settings.stateDir, name);
const { secrets, ports } = settings;

const awsState = stateFile('aws.jsonl');
const saved = readSavedEstate(awsState);
const origin = saved ? { seed: saved.seed, now: saved.seededAt } : { seed: settings.seed };
const { scale } = settings;
const estate = scale
  ? buildScaleEstate(scale.instances, { ...origin, idleShare: scale.idleShare, syntheticIds: false })
  : buildEstate({ ...origin, ...(settings.assets && { only: settings.assets }) });
const aws = await createAwsEndpoint({ estate, motoUrl: settings.motoUrl, stateFile: awsState });

const simulators = {
  aws,
  wiz: createWizSimulator({
    estate,
    stateOf: cloudStateFrom(createObserver(sandboxUrls(ports).aws, estate.accounts)),
    clientId: WIZ_CLIENT_ID,
    clientSecret: secrets.wizClientSecret,
    stateFile: stateFile('wiz.json'),
  }),
  servicenow: createServiceNowSimulator({
    estate,
    stateFile: stateFile('servicenow.json'),
    options: { password: secrets.servicenowPassword },
  }),
  jira: createJiraSimulator({
    stateFile: stateFile('jira.json'),
    options: { ...SANDBOX_JIRA, apiToken: secrets.jiraApiToken },
  }),
  slack: createSlackSimulator({
    appUrl: () => settings.slackAppUrl,
    signingSecret: secrets.slackSigningSecret,
    stateFile: stateFile('slack.json'),
    options: { botToken: secrets.slackBotToken },
  }),
  openai: createOpenAiSimulator({ models: [SANDBOX_MODEL], apiKey: secrets.modelApiKey }),
};
for (const [name, simulator] of Object.entries(simulators)) await simulator.start(ports[name as keyof typeof ports]);

process.stdout.write('ready estate\n');

const stop = async () => {
  await Promise.all(Object.values(simulators).map((s) => s.stop()));
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
