/**
 * Strings planted in every source (tags, names, bill, CMDB, posture, trail) that would not occur by chance.
 * A test searches every request to the model, every log line and every payload of an assessment for them.
 */
export const CANARIES = {
  assetName: 'canary-falcon-7391',
  ownerEmail: 'canary.owner.7391@acme.example',
  costCentre: 'canary-cost-centre-58213',
  dailyAmount: '7391.4242',
  /** The same amount per month of 730 h, as code may have derived it; only the digits that survive any rounding. */
  monthlyAmountDigits: '224822',
  supportGroup: 'Canary Support Group 46172',
  dependent: 'canary-ledger-30957',
  findingTitle: 'Host canary-heron-84620 answers to 203.0.113.77',
  iamPrincipal: 'canary-principal-61944',
} as const;

/** Flat list for searching. */
export const CANARY_STRINGS: readonly string[] = Object.values(CANARIES);
