export const LOGIN = `mutation Login($apiKey: String!) {
  loginAPI(apiKey: $apiKey) { accessToken refreshToken }
}`;

export const IMPERSONATE = `mutation Impersonate($input: GetAccessTokenInput!) {
  getAccessToken(input: $input) { accessToken refreshToken }
}`;

export const REPORT = `query Report($id: ID!) {
  node(id: $id) {
    id
    ... on FlexReport { name result { status reportUpdatedOn contents { preSignedUrl } } }
  }
}`;

export const TRIGGER = `mutation Run($id: ID!) {
  triggerFlexReportExecution(id: $id)
}`;
