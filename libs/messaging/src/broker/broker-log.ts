/** Where an adapter tells what went wrong and is being retried. One line; the error is there for its stack. */
export type BrokerLog = (line: string, error?: unknown) => void;
