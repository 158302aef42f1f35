import { section } from '../../config/load.ts';
import { runChatApp } from '../chat/run.ts';
import { createTeamsApp } from './app.ts';

/** The Teams app's process. */
await runChatApp('teams', async (config, deps) =>
  createTeamsApp({ ...deps, config: section(config.chat.teams, 'chat.teams') }),
);
