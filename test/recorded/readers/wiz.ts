import { detectionFinding, issueFinding, readFindings } from '../../../providers/cnapp/wiz/finding-rows.ts';
import type { VendorReaders } from '../reader.ts';
import { listReader, noReader, one } from '../vendor-rows.ts';

const issues = (nodes: readonly unknown[]) => readFindings(nodes, issueFinding);

export const wiz: VendorReaders = {
  vendor: 'wiz',
  readers: [
    listReader(/issue node|Wiz\.Issues log/, one, issues),
    listReader(/Wiz\.Detections log/, one, (nodes) => readFindings(nodes, detectionFinding)),
  ],
  unread: [
    ...noReader('the older connection `issues`; we ask issuesV2', /the older connection/),
    ...noReader(
      'answers of operations we do not send',
      /valid_token|invalid_issue|reopen_issue|graphSearch|updateIssue/,
      /\((project|technology|control|hosted-technology|[a-z-]+) node\)|^POST \/graphql \(/,
    ),
    ...noReader('an audit log of the platform itself', /Wiz\.Audit log/),
    ...noReader('a webhook; we read the API', /Webhook/),
    ...noReader('an export for people; we read the API', /\(CSV\)/),
    ...noReader('result of another product’s connector', /^connector result/),
    ...noReader('a scanner in pipelines', /wizcli/),
  ],
};
