import { shipTelemetry } from '../../../activities/telemetry/ship.ts';
import { createDatadog } from '../../../providers/telemetry/datadog/index.ts';
import { createMongoTrail } from '../../../providers/telemetry/mongodb/create-mongo-trail.ts';
import { datadogConfig, KEY, NO_SWEEPS, secretsOf, WHOLE_RUN } from './rig.ts';

/** One run of the shipper in a process of its own: `node ship-once.ts <mongo uri> <database> <datadog url>`. */
const [uri = '', database = '', url = ''] = process.argv.slice(2);
const config = datadogConfig(url, { timeout: 60_000, batch: { items: 12, bytes: 1_000_000 } });
const sink = createDatadog({ config, secrets: secretsOf({ 'env:DD_API_KEY': KEY }) });
const trail = await createMongoTrail({ uri, database });
await shipTelemetry({ sink, trail, sweeps: NO_SWEEPS, clock: () => new Date(), since: null }, WHOLE_RUN);
await trail.close();
