import { randomBytes } from 'node:crypto';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import type { ReportRuns } from './reports.ts';

const SCHEMA = buildSchema(`
  interface Node { id: ID! }
  type Content { preSignedUrl: String! }
  type Result { status: String contentType: String reportUpdatedOn: String contents: [Content!] }
  type FlexReport implements Node { id: ID! name: String! description: String result: Result }
  type Tokens { accessToken: String! refreshToken: String! }
  type DataSource { datasetName: String! }
  input GetAccessTokenInput { refreshToken: String! customer: ID! justification: String }
  type Query { node(id: ID!): Node dataSources: [DataSource!]! }
  type Mutation {
    loginAPI(apiKey: String!): Tokens
    getAccessToken(input: GetAccessTokenInput!): Tokens
    triggerFlexReportExecution(id: ID!): Boolean
  }
`);

export interface GatewayOptions {
  readonly apiKey: string;
  readonly tokenMs: number;
  readonly clock: () => number;
  readonly reportRuns: ReportRuns;
  /** Where this server is reached, for the addresses of files. */
  readonly origin: (request: Request) => string;
}

/** The GraphQL gateway. Every refusal is an answer with status 200. */
export function createGateway({ apiKey, tokenMs, clock, reportRuns, origin }: GatewayOptions) {
  const tokens = new Map<string, { until: number; customer: string | null }>();
  const issue = (customer: string | null) => {
    const token = `eyJ.${randomBytes(12).toString('hex')}.sim`;
    tokens.set(token, { until: clock() + tokenMs, customer });
    return { accessToken: token, refreshToken: `refresh-${token}` };
  };
  const answer = async (request: Request) => {
    const { query, variables } = (await request.json()) as { query: string; variables?: Record<string, unknown> };
    const bearer = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
    const held = tokens.get(bearer);
    const signedIn = <T>(resolve: () => T): T => {
      if (!held || clock() > held.until) throw new GraphQLError('Unauthorized: access token is missing or has expired');
      return resolve();
    };
    return graphql({
      schema: SCHEMA,
      source: query,
      ...(variables ? { variableValues: variables } : {}),
      rootValue: {
        loginAPI: (input: { apiKey: string }) => {
          if (input.apiKey !== apiKey) throw new GraphQLError('Invalid API key');
          return issue(null);
        },
        getAccessToken: ({ input }: { input: { refreshToken: string; customer: string } }) =>
          signedIn(() => {
            if (input.refreshToken !== `refresh-${bearer}`) throw new GraphQLError('Invalid refresh token');
            return issue(input.customer);
          }),
        triggerFlexReportExecution: (input: { id: string }) => signedIn(() => reportRuns.run(input.id)),
        dataSources: () =>
          signedIn(() => ['AWS_CUR', 'AZURE_COST_USAGE', 'GCP_BILLING_EXPORT'].map((datasetName) => ({ datasetName }))),
        node: (input: { id: string }) =>
          signedIn(async () => {
            const found = await reportRuns.look(input.id);
            if (!found) return null;
            const contents = () => found.addresses().map((path) => ({ preSignedUrl: origin(request) + path }));
            return {
              __typename: 'FlexReport',
              id: input.id,
              name: found.report.name,
              description: null,
              result: {
                status: found.status,
                contentType: 'text/csv',
                reportUpdatedOn: found.updatedOn,
                contents: found.status === 'COMPLETED' ? contents() : [],
              },
            };
          }),
      },
    });
  };
  return { answer, expireTokens: () => tokens.clear() };
}
