/** What the simulator knows of a column. A column that is not listed does not exist: filters on it are dropped. */
export interface Column {
  readonly ref?: string;
  readonly choices?: Readonly<Record<string, string>>;
  readonly max?: number;
  readonly journal?: true;
  readonly readOnly?: true;
}
interface Table {
  readonly extends?: string;
  readonly prefix?: string;
  readonly columns: Readonly<Record<string, Column>>;
}

const fixed: Column = { readOnly: true };
const text = (max = 255): Column => ({ max });
const ref = (table: string): Column => ({ ref: table });
const choices = (map: Record<string, string>): Column => ({ choices: map });
const bool = choices({ true: 'true', false: 'false' });

export const STATE_LABELS = {
  '-5': 'New',
  '-4': 'Assess',
  '-3': 'Authorize',
  '-2': 'Scheduled',
  '-1': 'Implement',
  '0': 'Review',
  '3': 'Closed',
  '4': 'Canceled',
} as const;

const CRITICALITY = choices({
  '1 - most critical': '1 - most critical',
  '2 - somewhat critical': '2 - somewhat critical',
  '3 - less critical': '3 - less critical',
  '4 - not critical': '4 - not critical',
});

const TASK: Record<string, Column> = {
  number: fixed,
  short_description: text(160),
  description: text(4000),
  active: { ...bool, readOnly: true },
  cmdb_ci: ref('cmdb_ci'),
  assignment_group: ref('sys_user_group'),
  assigned_to: ref('sys_user'),
  opened_by: { ref: 'sys_user', readOnly: true },
  closed_by: { ref: 'sys_user', readOnly: true },
  opened_at: fixed,
  closed_at: fixed,
  close_notes: text(4000),
  correlation_id: text(100),
  correlation_display: text(100),
  work_notes: { journal: true },
  comments: { journal: true },
  priority: choices({ '1': '1 - Critical', '2': '2 - High', '3': '3 - Moderate', '4': '4 - Low' }),
  impact: choices({ '1': '1 - High', '2': '2 - Medium', '3': '3 - Low' }),
  urgency: choices({ '1': '1 - High', '2': '2 - Medium', '3': '3 - Low' }),
};

export const TABLES: Readonly<Record<string, Table>> = {
  sys_user: {
    columns: { user_name: text(), name: text(), email: text(), active: bool, title: text() },
  },
  sys_user_group: { columns: { name: text(), active: bool, manager: ref('sys_user'), description: text() } },
  sys_user_grmember: { columns: { user: ref('sys_user'), group: ref('sys_user_group') } },
  cmn_schedule: { columns: { name: text(), time_zone: text(), type: text(), parent: ref('cmn_schedule') } },
  cmn_schedule_span: {
    columns: {
      schedule: ref('cmn_schedule'),
      name: text(),
      type: text(),
      show_as: text(),
      all_day: bool,
      start_date_time: text(),
      end_date_time: text(),
      repeat_type: text(),
      repeat_count: text(),
      repeat_until: text(),
      days_of_week: text(),
    },
  },
  cmn_other_schedule: {
    columns: { schedule: ref('cmn_schedule'), child_schedule: ref('cmn_schedule'), type: text() },
  },
  cmdb_ci: {
    columns: {
      name: text(),
      environment: choices({
        prod: 'Production',
        dev: 'Development',
        test: 'Test',
        staging: 'Staging',
        sandbox: 'Sandbox',
      }),
      operational_status: choices({ '1': 'Operational', '2': 'Non-Operational', '6': 'Retired' }),
      install_status: choices({ '1': 'Installed', '7': 'Retired' }),
      owned_by: ref('sys_user'),
      managed_by: ref('sys_user'),
      assigned_to: ref('sys_user'),
      support_group: ref('sys_user_group'),
      maintenance_schedule: ref('cmn_schedule'),
      short_description: text(1000),
    },
  },
  cmdb_ci_vm_object: { extends: 'cmdb_ci', columns: { object_id: text(), vm_inst_id: text(), state: text() } },
  cmdb_ci_vm_instance: { extends: 'cmdb_ci_vm_object', columns: { cpus: text(), memory: text(), ip_address: text() } },
  cmdb_ci_storage_volume: { extends: 'cmdb_ci_vm_object', columns: { size: text() } },
  cmdb_ci_cloud_public_ipaddress: { extends: 'cmdb_ci_vm_object', columns: { public_ip_address: text() } },
  cmdb_ci_cloud_load_balancer: { extends: 'cmdb_ci_vm_object', columns: { dns_name: text() } },
  cmdb_ci_cloud_database: { extends: 'cmdb_ci_vm_object', columns: { type: text() } },
  cmdb_ci_appl: { extends: 'cmdb_ci', columns: { version: text() } },
  cmdb_ci_service: { extends: 'cmdb_ci', columns: { busines_criticality: CRITICALITY } },
  cmdb_ci_business_app: { extends: 'cmdb_ci', columns: { business_criticality: CRITICALITY } },
  cmdb_ci_cloud_service_account: {
    extends: 'cmdb_ci',
    columns: { account_id: text(), datacenter_type: text(), is_master_account: bool, object_id: text() },
  },
  cmdb_rel_type: { columns: { name: text() } },
  cmdb_rel_ci: { columns: { parent: ref('cmdb_ci'), child: ref('cmdb_ci'), type: ref('cmdb_rel_type') } },
  cmdb_key_value: { columns: { configuration_item: ref('cmdb_ci'), key: text(), value: text(4000) } },
  incident: {
    prefix: 'INC',
    columns: {
      ...TASK,
      state: choices({
        '1': 'New',
        '2': 'In Progress',
        '3': 'On Hold',
        '6': 'Resolved',
        '7': 'Closed',
        '8': 'Canceled',
      }),
    },
  },
  change_request: {
    prefix: 'CHG',
    columns: {
      ...TASK,
      state: choices(STATE_LABELS),
      type: choices({ normal: 'Normal', emergency: 'Emergency', standard: 'Standard' }),
      chg_model: text(),
      risk: choices({ '2': 'High', '3': 'Moderate', '4': 'Low' }),
      approval: {
        ...choices({
          'not requested': 'Not Yet Requested',
          requested: 'Requested',
          approved: 'Approved',
          rejected: 'Rejected',
        }),
        readOnly: true,
      },
      justification: text(4000),
      implementation_plan: text(4000),
      backout_plan: text(4000),
      test_plan: text(4000),
      requested_by: ref('sys_user'),
      start_date: text(40),
      end_date: text(40),
      work_start: fixed,
      work_end: fixed,
      close_code: choices({
        successful: 'Successful',
        successful_issues: 'Successful with issues',
        unsuccessful: 'Unsuccessful',
      }),
      conflict_status: fixed,
      conflict_last_run: fixed,
    },
  },
  sysapproval_approver: {
    columns: {
      sysapproval: ref('change_request'),
      document_id: ref('change_request'),
      source_table: text(),
      approver: ref('sys_user'),
      group: ref('sys_user_group'),
      state: choices({
        requested: 'Requested',
        approved: 'Approved',
        rejected: 'Rejected',
        not_required: 'No Longer Required',
        cancelled: 'Cancelled',
      }),
      comments: text(4000),
    },
  },
  sys_journal_field: { columns: { element_id: text(), element: text(), name: text(), value: text(65_000) } },
  sys_audit: { columns: { documentkey: text(), fieldname: text(), oldvalue: text(), newvalue: text(), user: text() } },
};

const SYSTEM: Readonly<Record<string, Column>> = {
  sys_id: fixed,
  sys_class_name: fixed,
  sys_created_on: fixed,
  sys_created_by: fixed,
  sys_updated_on: fixed,
  sys_updated_by: fixed,
  sys_mod_count: fixed,
};

const columnCache = new Map<string, Readonly<Record<string, Column>>>();
const childCache = new Map<string, readonly string[]>();

/** All columns of a table, inherited ones included; undefined for a table that does not exist. */
export function columnsOf(table: string): Readonly<Record<string, Column>> | undefined {
  const cached = columnCache.get(table);
  const own = TABLES[table];
  if (cached || !own) return cached;
  const all = { ...SYSTEM, ...(own.extends ? columnsOf(own.extends) : {}), ...own.columns };
  columnCache.set(table, all);
  return all;
}

/** The table and every table that extends it. */
export function withChildren(table: string): readonly string[] {
  const cached = childCache.get(table);
  if (cached) return cached;
  const children = Object.keys(TABLES).filter((name) => TABLES[name]?.extends === table);
  const all = [table, ...children.flatMap(withChildren)];
  childCache.set(table, all);
  return all;
}
