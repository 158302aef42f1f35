/**
 * Every GraphQL document we send, validated in a test against the vendor's public schema.
 * Lists are read with `first`/`after` and carry `pageInfo`.
 */
const PAGE = 'pageInfo{hasNextPage endCursor}';

const RESOURCE = `id name type providerUniqueId region status createdAt deletedAt firstSeen lastSeen
  isAccessibleFromInternet isOpenToAllInternet hasAdminPrivileges hasSensitiveData hasAccessToSensitiveData
  tags{key value} cloudAccount{externalId}
  issueAnalytics{criticalSeverityCount highSeverityCount}`;

const ISSUE = 'id type status severity createdAt updatedAt resolvedAt resolutionReason sourceRules{name}';
const CONFIGURATION = 'id name severity status result firstSeenAt analyzedAt rule{name}';
const VULNERABILITY =
  'id name detailedName severity status hasExploit hasCisaKevExploit firstDetectedAt lastDetectedAt';
const EXPOSURE = 'id type portRange';

export const DOCUMENTS = {
  inventory: `query Inventory($filter:CloudResourceV2Filters,$first:Int,$after:String){
    cloudResourcesV2(filterBy:$filter,first:$first,after:$after){nodes{${RESOURCE}} ${PAGE} totalCount}}`,

  /** One request for everything known of one asset; lists that do not fit are read on with the documents below. */
  posture: `query Posture($id:ID!,$open:IssueFilters,$resolved:IssueFilters,$configuration:ConfigurationFindingFilters,
    $vulnerability:VulnerabilityFindingFilters,$exposure:NetworkExposureFilters,$first:Int){
    resource: cloudResourceV2(id:$id){${RESOURCE}}
    openIssues: issuesV2(filterBy:$open,first:$first){nodes{${ISSUE}} ${PAGE}}
    resolvedIssues: issuesV2(filterBy:$resolved,first:$first){nodes{${ISSUE}} ${PAGE}}
    configuration: configurationFindings(filterBy:$configuration,first:$first){nodes{${CONFIGURATION}} ${PAGE}}
    vulnerability: vulnerabilityFindings(filterBy:$vulnerability,first:$first){nodes{${VULNERABILITY}} ${PAGE}}
    exposure: networkExposures(filterBy:$exposure,first:$first){nodes{${EXPOSURE}} ${PAGE}}}`,

  issues: `query Issues($filter:IssueFilters,$first:Int,$after:String){
    list: issuesV2(filterBy:$filter,first:$first,after:$after){nodes{${ISSUE}} ${PAGE}}}`,
  configuration: `query Configuration($filter:ConfigurationFindingFilters,$first:Int,$after:String){
    list: configurationFindings(filterBy:$filter,first:$first,after:$after){nodes{${CONFIGURATION}} ${PAGE}}}`,
  vulnerability: `query Vulnerability($filter:VulnerabilityFindingFilters,$first:Int,$after:String){
    list: vulnerabilityFindings(filterBy:$filter,first:$first,after:$after){nodes{${VULNERABILITY}} ${PAGE}}}`,
  exposure: `query Exposure($filter:NetworkExposureFilters,$first:Int,$after:String){
    list: networkExposures(filterBy:$filter,first:$first,after:$after){nodes{${EXPOSURE}} ${PAGE}}}`,

  requestScan: `mutation RequestScan($input:RequestConnectorEntityScanInput!){
    requestConnectorEntityScan(input:$input){scan{id} systemActivityId}}`,
  scanStatus: 'query ScanStatus($id:ID!){systemActivity(id:$id){id status statusInfo}}',
  issueNotes: 'query IssueNotes($id:ID!){issue(id:$id){id notes{id text}}}',
  addNote: `mutation AddNote($input:CreateIssueNoteInput!){createIssueNote(input:$input){issueNote{id}}}`,
  check: 'query Check{cloudResourcesV2(first:1){totalCount}}',
} as const;
export type DocumentName = keyof typeof DOCUMENTS;
