/**
 * The search attributes of a run, in the shape of the SDK's typed keys. SQL visibility has ten Keyword columns and three
 * of each other type; this is all we use of them. Values are plain text in the server: never personal.
 */
export const SearchAttributes = {
  tenant: { name: 'tenant', type: 'KEYWORD' },
  account: { name: 'account', type: 'KEYWORD' },
  assetType: { name: 'assetType', type: 'KEYWORD' },
  environment: { name: 'environment', type: 'KEYWORD' },
  stage: { name: 'stage', type: 'KEYWORD' },
  riskLevel: { name: 'riskLevel', type: 'KEYWORD' },
  ownerTeam: { name: 'ownerTeam', type: 'KEYWORD' },
  ticketId: { name: 'ticketId', type: 'KEYWORD' },
  monthlySavings: { name: 'monthlySavings', type: 'DOUBLE' },
  decisionDueAt: { name: 'decisionDueAt', type: 'DATETIME' },
} as const;
