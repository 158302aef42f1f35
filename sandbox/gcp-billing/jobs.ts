import { randomUUID } from 'node:crypto';
import { BigQueryError } from './errors.ts';
import type { Result } from './query.ts';

const LEAST_BYTES = 10_485_760;

export interface Job {
  readonly jobId: string;
  readonly location: string;
  readonly result: Result;
  /** Answers that still say the query is running. */
  pending: number;
}

export interface JobsOptions {
  readonly projectId: string;
  readonly location: string;
  /** Bytes of rows that fit on a page, whatever was asked for. */
  readonly pageBytes: number;
}

/** Queries that ran, and their results page by page. */
export function createJobs({ projectId, location, pageBytes }: JobsOptions) {
  const jobs = new Map<string, Job>();
  const byRequest = new Map<string, Job>();

  const find = (jobId: string): Job => {
    const job = jobs.get(jobId);
    if (!job) throw new BigQueryError(404, 'notFound', `Not found: Job ${projectId}:${location}.${jobId}`);
    return job;
  };

  return {
    find,
    byRequest: (requestId: string): Job | undefined => byRequest.get(requestId),
    add(result: Result, more: { pending: number; requestId?: string | undefined; jobId?: string | undefined }): Job {
      const job = { jobId: more.jobId ?? `job_${randomUUID()}`, location, result, pending: more.pending };
      jobs.set(job.jobId, job);
      if (more.requestId) byRequest.set(more.requestId, job);
      return job;
    },
    /** One answer of jobs.query or getQueryResults. Every scalar is text, whatever its type. */
    page(job: Job, kind: string, asked: { maxResults?: number | undefined; pageToken?: string | undefined }): object {
      const jobReference = { projectId, jobId: job.jobId, location: job.location };
      if (job.pending > 0) {
        job.pending--;
        return { kind, jobReference, jobComplete: false };
      }
      const { rows, fields, bytes } = job.result;
      const start = startOf(asked.pageToken, rows.length);
      const page: object[] = [];
      let size = 0;
      for (const row of rows.slice(start, start + (asked.maxResults ?? rows.length))) {
        const sent = { f: row.map((v) => ({ v })) };
        size += JSON.stringify(sent).length;
        if (page.length > 0 && size > pageBytes) break;
        page.push(sent);
      }
      const end = start + page.length;
      return {
        kind,
        schema: { fields },
        jobReference,
        jobComplete: true,
        totalRows: String(rows.length),
        ...(page.length > 0 ? { rows: page } : {}),
        ...(end < rows.length ? { pageToken: Buffer.from(`rows/${end}`).toString('base64url') } : {}),
        totalBytesProcessed: String(bytes),
        ...(kind === 'bigquery#queryResponse' ? { totalBytesBilled: String(billed(bytes)) } : {}),
        cacheHit: false,
      };
    },
  };
}

/** What a scan of so many bytes is charged for. */
export function billed(bytes: number): number {
  return Math.max(LEAST_BYTES, Math.ceil(bytes / 1_048_576) * 1_048_576);
}

function startOf(token: string | undefined, rows: number): number {
  if (token === undefined) return 0;
  const start = Number(/^rows\/(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1] ?? Number.NaN);
  if (!(start < rows)) throw new BigQueryError(400, 'invalid', 'Invalid page token');
  return start;
}
