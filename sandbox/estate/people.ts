/** The directory of the sandbox: who may decide, and who must be refused. */
export const ANA = 'ana@acme.example';
export const BEN = 'ben@acme.example';
export const CLEO = 'cleo@acme.example';
/** Owns assets, is not an approver. */
export const DEV = 'dev@acme.example';
/** In no group at all. */
export const MALLORY = 'mallory@acme.example';

/** IAM user of DEV; the other creators are machines that belong to nobody. */
export const DEV_PRINCIPAL = 'dev-eng';
