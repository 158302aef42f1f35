#!/usr/bin/env node
import { runEntry } from './launch.mjs';

await runEntry('clients/cli/main.ts', { development: false });
