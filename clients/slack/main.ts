import { section } from '../../config/load.ts';
import { runChatApp } from '../chat/run.ts';
import { createSlackApp } from './app.ts';

/** The Slack app's process. */
await runChatApp('slack', (config, deps) => createSlackApp({ ...deps, config: section(config.slack, 'slack') }));
