import type { Type } from '@nestjs/common';
import { portOffsets, smtpOffset } from './ports.js';
import { readTable } from './read-variables.js';
import type { ValuesOf, VariableTable } from './read-variables.js';
import { variables } from './variables.js';
import type { Variables } from './variables.js';

/** The `host:port` of an app or the mail catcher under `npm start`: the default for missing addresses. */
export type Near = (listener: string) => string;

type All<Table extends VariableTable> = Variables & ValuesOf<Table>;

interface SettingsSpec<Table extends VariableTable, Shape extends object> {
  /** The class to inject. */
  readonly as: Type<Shape>;
  /** The app's own variables. */
  readonly variables: Table;
  /** The variables that must be set, given the other values; may include the platform's variables. */
  readonly needed?: (values: All<Table>) => readonly (keyof All<Table> & string)[];
  readonly read: (values: All<Table>, near: Near) => Shape;
}

/** The settings of one app; see `PlatformModule.forRoot`. */
export interface Settings {
  readonly as: Type<object>;
  readonly variables: VariableTable;
  readonly needed: (values: Variables) => readonly string[];
  /** Reads an environment that `loadConfig` has validated. */
  readonly read: (env: NodeJS.ProcessEnv) => object;
}

export function defineSettings<Table extends VariableTable, Shape extends object>(spec: SettingsSpec<Table, Shape>): Settings {
  const { as, needed = () => [], read } = spec;
  return {
    as,
    variables: spec.variables,
    needed: (values) => needed(values as All<Table>),
    read: (env) => {
      const values = readTable(env, { ...variables, ...spec.variables }).values as All<Table>;
      return read(values, near(values));
    },
  };
}

export function near({ PORT_BASE }: Pick<Variables, 'PORT_BASE'>): Near {
  return (listener) => `127.0.0.1:${PORT_BASE + (listener === 'smtp' ? smtpOffset : portOffsets[listener]!)}`;
}
