/**
 * Only the functions that are safe to call are declared, so that the type checker refuses the others: UpdateTask and
 * DeleteTask write to wrong addresses when their look-up fails, Authenticate prints the password.
 */
declare module 'servicenow-rest-api' {
  export default class ServiceNow {
    constructor(instance: string, userid: string, password: string);
    /** Replaces the HTTP client of the whole module, for every instance. */
    setNetworkOptions(options: object): void;
    /** Calls back with the rows, or with an Error. Nothing is percent-encoded. */
    getTableData(
      ...call: [fields: string[], filters: string[], type: string, callback: (answer: unknown) => void]
    ): void;
    /** Calls back with the new record, or with an Error. */
    createNewTask(data: object, type: string, callback: (answer: unknown) => void): void;
  }
}
