/**
 * What a text's tree may hold: kinds of nodes of sql-parser-cst and, of each, the properties that are known. A kind or a
 * property that is not here is refused, so what the parser learns later is refused until somebody has looked at it.
 */

/** Properties whose nodes are read, and those that hold plain values. */
type Kind = { nodes: readonly string[]; values?: readonly string[] };
const nodes = (...names: string[]): Kind => ({ nodes: names });

const queries: Record<string, Kind> = {
  program: nodes('statements'),
  select_stmt: nodes('clauses'),
  compound_select_stmt: nodes('left', 'operator', 'right'),
  with_clause: nodes('withKw', 'tables'),
  common_table_expr: nodes('table', 'asKw', 'expr'),
  select_clause: nodes('selectKw', 'modifiers', 'columns'),
  select_all: nodes('allKw'),
  select_distinct: nodes('distinctKw'),
  select_as_struct: nodes('asStructKw'),
  except_columns: nodes('expr', 'exceptKw', 'columns'),
  replace_columns: nodes('expr', 'replaceKw', 'columns'),
  all_columns: nodes(),
  /** What follows a comma after the last column. */
  empty: nodes(),
  alias: nodes('expr', 'asKw', 'alias'),
  from_clause: nodes('fromKw', 'expr'),
  where_clause: nodes('whereKw', 'expr'),
  group_by_clause: nodes('groupByKw', 'columns'),
  group_by_rollup: nodes('rollupKw', 'columns'),
  group_by_cube: nodes('cubeKw', 'columns'),
  group_by_grouping_sets: nodes('groupingSetsKw', 'columns'),
  group_by_all: nodes('allKw'),
  having_clause: nodes('havingKw', 'expr'),
  qualify_clause: nodes('qualifyKw', 'expr'),
  window_clause: nodes('windowKw', 'namedWindows'),
  named_window: nodes('name', 'asKw', 'window'),
  window_definition: nodes('baseWindowName', 'partitionBy', 'orderBy', 'frame'),
  partition_by_clause: nodes('partitionByKw', 'specifications'),
  order_by_clause: nodes('orderByKw', 'specifications'),
  sort_specification: nodes('expr', 'direction', 'nullHandlingKw'),
  sort_direction_asc: nodes('ascKw'),
  sort_direction_desc: nodes('descKw'),
  limit_clause: nodes('limitKw', 'count', 'offsetKw', 'offset'),
  frame_clause: nodes('unitKw', 'extent'),
  frame_between: nodes('betweenKw', 'begin', 'andKw', 'end'),
  frame_bound_current_row: nodes('currentRowKw'),
  frame_bound_preceding: nodes('expr', 'precedingKw'),
  frame_bound_following: nodes('expr', 'followingKw'),
  frame_unbounded: nodes('unboundedKw'),
};

/** What FROM may hold; the names in it are read by tables.ts. */
const sources: Record<string, Kind> = {
  join_expr: { nodes: ['left', 'operator', 'right', 'specification'], values: ['operator'] },
  join_on_specification: nodes('onKw', 'expr'),
  join_using_specification: nodes('usingKw', 'expr'),
  unnest_expr: nodes('unnestKw', 'expr'),
  unnest_with_offset_expr: nodes('unnest', 'withOffsetKw'),
  pivot_expr: nodes('left', 'pivotKw', 'args'),
  pivot_for_in: nodes('aggregations', 'forKw', 'inputColumn', 'inKw', 'pivotColumns'),
  unpivot_expr: nodes('left', 'unpivotKw', 'nullHandlingKw', 'args'),
  unpivot_for_in: nodes('valuesColumn', 'forKw', 'nameColumn', 'inKw', 'unpivotColumns'),
};

const expressions: Record<string, Kind> = {
  list_expr: nodes('items'),
  paren_expr: nodes('expr'),
  binary_expr: { nodes: ['left', 'operator', 'right'], values: ['operator'] },
  prefix_op_expr: { nodes: ['operator', 'expr'], values: ['operator'] },
  between_expr: nodes('left', 'betweenKw', 'begin', 'andKw', 'end'),
  case_expr: nodes('caseKw', 'expr', 'clauses', 'endKw'),
  case_when: nodes('whenKw', 'condition', 'thenKw', 'result'),
  case_else: nodes('elseKw', 'result'),
  quantifier_expr: nodes('quantifierKw', 'expr'),
  member_expr: nodes('object', 'property'),
  array_subscript: nodes('expr'),
  array_subscript_specifier: nodes('specifierKw', 'args'),
  array_expr: nodes('expr'),
  struct_expr: nodes('expr'),
  typed_expr: nodes('dataType', 'expr'),
  func_call: nodes('name', 'args', 'over'),
  func_args: nodes('distinctKw', 'args', 'nullHandlingKw', 'orderBy', 'limit', 'having'),
  having_arg: nodes('havingKw', 'minMaxKw', 'expr'),
  over_arg: nodes('overKw', 'window'),
  cast_expr: nodes('castKw', 'args'),
  cast_arg: nodes('expr', 'asKw', 'dataType', 'format'),
  cast_format: nodes('formatKw', 'string'),
  extract_expr: nodes('extractKw', 'args'),
  extract_from: nodes('unit', 'fromKw', 'expr'),
  week_expr: nodes('weekKw', 'args'),
  interval_unit: nodes('unitKw'),
  interval_unit_range: nodes('fromUnit', 'toKw', 'toUnit'),
  identifier: { nodes: [], values: ['text', 'name'] },
  keyword: { nodes: [], values: ['text', 'name'] },
};

const literals: Record<string, Kind> = {
  string_literal: { nodes: [], values: ['text', 'value'] },
  number_literal: { nodes: [], values: ['text', 'value'] },
  boolean_literal: { nodes: ['valueKw'], values: ['value'] },
  null_literal: { nodes: ['nullKw'], values: ['value'] },
  date_literal: nodes('dateKw', 'string'),
  datetime_literal: nodes('datetimeKw', 'string'),
  time_literal: nodes('timeKw', 'string'),
  timestamp_literal: nodes('timestampKw', 'string'),
  json_literal: nodes('jsonKw', 'string'),
  numeric_literal: nodes('numericKw', 'string'),
  bignumeric_literal: nodes('bignumericKw', 'string'),
  interval_literal: nodes('intervalKw', 'value', 'unit'),
};

/** Types, as CAST and typed literals name them; `constraints` is a list that the parser always leaves empty here. */
export const dataTypes: Record<string, Kind> = {
  data_type_name: nodes('name'),
  modified_data_type: nodes('dataType', 'modifiers'),
  parametric_data_type: nodes('typeKw', 'params'),
};
const dataTypeParts: Record<string, Kind> = {
  generic_type_params: nodes('params'),
  array_type_param: nodes('dataType', 'constraints'),
  struct_type_param: nodes('name', 'dataType', 'constraints'),
};

/** Kinds of nodes by their name. */
export const nodeKinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({ ...queries, ...sources, ...expressions, ...literals, ...dataTypes, ...dataTypeParts }),
);
