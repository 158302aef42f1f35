import { defineSearchAttributeKey } from '@temporalio/common';

/** Ten Keyword columns exist on SQL visibility; this is the whole budget we use. Values are plain text, never personal. */
export const SearchAttributes = {
  tenant: defineSearchAttributeKey('tenant', 'KEYWORD'),
  account: defineSearchAttributeKey('account', 'KEYWORD'),
  assetType: defineSearchAttributeKey('assetType', 'KEYWORD'),
  environment: defineSearchAttributeKey('environment', 'KEYWORD'),
  stage: defineSearchAttributeKey('stage', 'KEYWORD'),
  riskLevel: defineSearchAttributeKey('riskLevel', 'KEYWORD'),
  ownerTeam: defineSearchAttributeKey('ownerTeam', 'KEYWORD'),
  ticketId: defineSearchAttributeKey('ticketId', 'KEYWORD'),
  monthlySavings: defineSearchAttributeKey('monthlySavings', 'DOUBLE'),
  decisionDueAt: defineSearchAttributeKey('decisionDueAt', 'DATETIME'),
} as const;
