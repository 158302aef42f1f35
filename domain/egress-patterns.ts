/** What must never leave: the class is reported, the text that matched never is. Order: most telling first. */
export const EGRESS_PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['private-key', /-----BEGIN [A-Z ]*PRIVATE KEY/i],
  ['aws-access-key', /\b(AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}/i],
  ['vendor-token', /\b(xox[a-z]-|xapp-|gh[pousr]_|github_pat_|glpat-|sk-|pk_live_|sk_live_|hvs\.)[\w-]{8,}/i],
  ['jwt', /\beyJ[\w-]{8,}\.[\w-]{8,}/],
  [
    'credential',
    /\b(password|passwd|pwd|secret|api[_-]?key|token|bearer|authorization)["']?\s*[:=]\s*["']?[^\s"',}]{4,}/i,
  ],
  ['arn', /\barn:[a-z-]*:/i],
  [
    'resource-id',
    /(?<![a-z0-9])(i|vol|snap|ami|eni|eipalloc|eipassoc|sg|subnet|vpc|igw|nat|rtb|acl|lt|asg|tgw|pcx|vpce|fl|r|rtbassoc|dopt|key)-[0-9a-f]{8,17}(?![0-9a-z])/i,
  ],
  ['account-id', /(?<!\d)(\d{12}|\d{4}[- ]\d{4}[- ]\d{4})(?!\d)/],
  ['email', /[^\s@"'<>()]+@[^\s@"'<>()]+\.[^\s@"'<>()]{2,}/],
  ['ip-address', /(?<![\d.])(\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/],
  [
    'ip-address',
    /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:)*:(?::?[0-9a-f]{1,4})+(?![\w:])/i,
  ],
  ['uuid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i],
  ['url', /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/i],
  [
    'hostname',
    /(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|io|dev|cloud|internal|intern|local|localdomain|localhost|corp|lan|intra|home|aws|edu|gov|mil|int|info|biz|eu|de|uk|fr|nl|ch|at|us|ca|au|in|jp|cn|br|co|ai|app|tech|systems|network|host|example|test|invalid)(?![\w-])/i,
  ],
  // Three labels or more, the first of them numbered as machines are: web-03.payments.acme
  ['hostname', /(?<![\w.-])(?=[a-z0-9-]*[a-z])[a-z0-9-]*[0-9][a-z0-9-]*(?:\.[a-z][a-z0-9-]*){2,}/i],
  ['hostname', /\bip-\d{1,3}(-\d{1,3}){3}\b/i],
  ['amount', /[$€£¥₹]\s*\d/],
  ['amount', /(?<![\w.])\d[\d.,']*\s*(?:USD|EUR|GBP|CHF|JPY|INR|AUD|CAD|dollars?|euros?|cents?)\b/i],
  ['amount', /\b(?:USD|EUR|GBP|CHF|JPY|INR|AUD|CAD)\s*\d/i],
  ['amount', /(?<![\d.])\d{2,}[.,]\d{2}(?![\d.])/],
  ['amount', /(?<![\w.])\d{1,3}(?:[,'’ ]\d{3})+(?!\d)/],
  ['number', /(?<!\d)\d{5,}(?!\d)/],
  ['number', /\d+\.\d{3,}/],
  ['encoded', /(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])/i],
  ['encoded', /(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{40,}={0,2}/],
];
