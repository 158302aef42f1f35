/**
 * Every GraphQL document we send, validated in a test against the vendor's public schema.
 * Lists are read with `first`/`after` and carry `pageInfo`.
 */
const PAGE = 'pageInfo{hasNextPage endCursor}';

const RESOURCE = `id name type providerUniqueId region status createdAt deletedAt firstSeen lastSeen
  isAccessibleFromInternet isOpenToAllInternet hasAdminPrivileges hasSensitiveData hasAccessToSensitiveData
  tags{key value} cloudAccount{externalId} graphEntity{id}
  issueAnalytics{criticalSeverityCount highSeverityCount}`;

const TAGS = '{key value}';
/** Controls keep their tags under another name than the rules do. */
const RULES = `sourceRules{id name ... on Control{tagsV2${TAGS}} ... on CloudEventRule{tags${TAGS}}
  ... on CloudConfigurationRule{shortId tags${TAGS}}}`;
const ISSUE = `id type status severity createdAt updatedAt resolvedAt resolutionReason ${RULES}`;
const CONFIGURATION = `id name severity status result firstSeenAt analyzedAt rule{id shortId name tags${TAGS}}`;
const VULNERABILITY =
  'id name detailedName severity status hasExploit hasCisaKevExploit firstDetectedAt lastDetectedAt';
const EXPOSURE = 'id type portRange';
const DETECTION = `id severity createdAt updatedAt startedAt endedAt issue{id status} ruleMatch{rule{id name tags${TAGS}}}`;

export const DOCUMENTS = {
  inventory: `query Inventory($filter:CloudResourceV2Filters,$first:Int,$after:String){
    cloudResourcesV2(filterBy:$filter,first:$first,after:$after){nodes{${RESOURCE}} ${PAGE} totalCount}}`,

  /** One request for everything known of one asset; lists that do not fit are read on with the documents below. */
  posture: `query Posture($id:ID!,$open:IssueFilters,$resolved:IssueFilters,$configuration:ConfigurationFindingFilters,
    $vulnerability:VulnerabilityFindingFilters,$exposure:NetworkExposureFilters,$detections:DetectionFilters,
    $withDetections:Boolean!,$first:Int){
    resource: cloudResourceV2(id:$id){${RESOURCE}}
    openIssues: issuesV2(filterBy:$open,first:$first){nodes{${ISSUE}} ${PAGE}}
    resolvedIssues: issuesV2(filterBy:$resolved,first:$first){nodes{${ISSUE}} ${PAGE}}
    configuration: configurationFindings(filterBy:$configuration,first:$first){nodes{${CONFIGURATION}} ${PAGE}}
    vulnerability: vulnerabilityFindings(filterBy:$vulnerability,first:$first){nodes{${VULNERABILITY}} ${PAGE}}
    exposure: networkExposures(filterBy:$exposure,first:$first){nodes{${EXPOSURE}} ${PAGE}}
    detections(filterBy:$detections,first:$first) @include(if:$withDetections){nodes{${DETECTION}} ${PAGE}}}`,

  issues: `query Issues($filter:IssueFilters,$first:Int,$after:String){
    list: issuesV2(filterBy:$filter,first:$first,after:$after){nodes{${ISSUE}} ${PAGE}}}`,
  configuration: `query Configuration($filter:ConfigurationFindingFilters,$first:Int,$after:String){
    list: configurationFindings(filterBy:$filter,first:$first,after:$after){nodes{${CONFIGURATION}} ${PAGE}}}`,
  vulnerability: `query Vulnerability($filter:VulnerabilityFindingFilters,$first:Int,$after:String){
    list: vulnerabilityFindings(filterBy:$filter,first:$first,after:$after){nodes{${VULNERABILITY}} ${PAGE}}}`,
  exposure: `query Exposure($filter:NetworkExposureFilters,$first:Int,$after:String){
    list: networkExposures(filterBy:$filter,first:$first,after:$after){nodes{${EXPOSURE}} ${PAGE}}}`,
  detections: `query Detections($filter:DetectionFilters,$first:Int,$after:String){
    list: detections(filterBy:$filter,first:$first,after:$after){nodes{${DETECTION}} ${PAGE}}}`,

  lookup: `query Lookup($filter:CloudResourceV2Filters,$first:Int){
    cloudResourcesV2(filterBy:$filter,first:$first){nodes{id providerUniqueId deletedAt lastSeen} ${PAGE}}}`,
  images: `query Images($filter:CloudResourceV2Filters,$first:Int,$after:String){
    list: cloudResourcesV2(filterBy:$filter,first:$first,after:$after){nodes{id} ${PAGE}}}`,

  /** Whether cloud cost is on, and the account's own id: any resource of the account names it. */
  costContext: `query CostContext($filter:CloudResourceV2Filters){cloudCostSettings{enabled}
    cloudResourcesV2(filterBy:$filter,first:1){nodes{cloudAccount{id externalId}} ${PAGE}}}`,
  costOpportunities: `query CostOpportunities($filter:CloudCostOpportunityFilters,$first:Int,$after:String){
    list: cloudCostOpportunities(filterBy:$filter,first:$first,after:$after){
      nodes{id name updatedAt resource{externalId graphEntity{providerUniqueId}}} ${PAGE}}}`,

  entity: 'query Entity($id:ID!){cloudResourceV2(id:$id){id graphEntity{id}}}',
  requestScan: `mutation RequestScan($input:RequestConnectorEntityScanInput!){
    requestConnectorEntityScan(input:$input){scan{id} systemActivityId}}`,
  scanStatus: 'query ScanStatus($id:ID!){systemActivity(id:$id){id status statusInfo}}',
  issueNotes: 'query IssueNotes($id:ID!){issue(id:$id){id notes{id text}}}',
  addNote: `mutation AddNote($input:CreateIssueNoteInput!){createIssueNote(input:$input){issueNote{id}}}`,
  check: `query Check($withDetections:Boolean!){cloudResourcesV2(first:1){totalCount}
    detections(first:1) @include(if:$withDetections){${PAGE}}}`,
} as const;
export type DocumentName = keyof typeof DOCUMENTS;
