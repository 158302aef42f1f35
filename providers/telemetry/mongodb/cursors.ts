import { z } from 'zod';
import type { Connection } from '../../store/mongodb/connect.ts';
import { parse } from '../../store/mongodb/documents.ts';
import type { Channel, ChannelState, TelemetryTrail } from '../../../ports/trail.ts';

const StoredCursor = z.object({ stream: z.string(), seq: z.number().int().min(0) });
const StoredState = z.object({
  failures: z.number().int(),
  notBefore: z.string().nullable(),
  reason: z.string().nullable(),
});

const PER_WRITE = 500;

/** How far each channel of each vendor has come: a vendor that is new here starts at the beginning of the trail. */
export function createCursors(
  connection: Connection,
): Pick<TelemetryTrail, 'cursors' | 'commit' | 'rewind' | 'state' | 'setState'> {
  const cursors = connection.durable('telemetry_cursors');
  const channels = connection.durable('telemetry_channels');

  const write = async (
    place: { vendor: string; channel: Channel },
    to: ReadonlyMap<string, number>,
    move: '$max' | '$set',
  ) => {
    const entries = [...to];
    for (let start = 0; start < entries.length; start += PER_WRITE) {
      const operations = entries.slice(start, start + PER_WRITE).map(([stream, seq]) => ({
        updateOne: {
          filter: { _id: JSON.stringify([place.vendor, place.channel, stream]) },
          update: { [move]: { seq }, $setOnInsert: { ...place, stream } },
          upsert: true,
        },
      }));
      await connection.run('telemetry.commit', () => cursors.bulkWrite(operations, { ordered: false }));
    }
  };

  return {
    async cursors(vendor, channel) {
      const rows = await connection.run('telemetry.cursors', () => cursors.find({ vendor, channel }).toArray());
      return new Map(
        rows.map((raw) => {
          const { stream, seq } = parse(StoredCursor, raw, { collection: 'telemetry_cursors', id: raw._id });
          return [stream, seq];
        }),
      );
    },
    commit: (vendor, channel, reached) => write({ vendor, channel }, reached, '$max'),
    rewind: (vendor, channel, to) => write({ vendor, channel }, to, '$set'),

    async state(vendor, channel) {
      const _id = JSON.stringify([vendor, channel]);
      const raw = await connection.run('telemetry.state', () => channels.findOne({ _id }));
      if (!raw) return { failures: 0, notBefore: null, reason: null };
      return parse(StoredState, raw, { collection: 'telemetry_channels', id: _id }) satisfies ChannelState;
    },
    async setState(vendor, channel, state) {
      const _id = JSON.stringify([vendor, channel]);
      await connection.run('telemetry.state', () =>
        channels.replaceOne({ _id }, { vendor, channel, ...state }, { upsert: true }),
      );
    },
  };
}
