/** The two accounts of the estate; every other cloud has one of its own for each. */
export const PROD_ACCOUNT = '111122223333';
export const DEV_ACCOUNT = '444455556666';
