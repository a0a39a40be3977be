package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/goccy/go-googlesql"
)

// Names of BigQuery's types, with those of its API.
var types = map[string]func(*googlesql.TypeFactory) (googlesql.Googlesql_TypeNode, error){
	"STRING":     (*googlesql.TypeFactory).GetString,
	"BYTES":      (*googlesql.TypeFactory).GetBytes,
	"INT64":      (*googlesql.TypeFactory).GetInt64,
	"INTEGER":    (*googlesql.TypeFactory).GetInt64,
	"FLOAT64":    (*googlesql.TypeFactory).GetDouble,
	"FLOAT":      (*googlesql.TypeFactory).GetDouble,
	"NUMERIC":    (*googlesql.TypeFactory).GetNumeric,
	"BIGNUMERIC": (*googlesql.TypeFactory).GetBignumeric,
	"BOOL":       (*googlesql.TypeFactory).GetBool,
	"BOOLEAN":    (*googlesql.TypeFactory).GetBool,
	"TIMESTAMP":  (*googlesql.TypeFactory).GetTimestamp,
	"DATE":       (*googlesql.TypeFactory).GetDate,
	"DATETIME":   (*googlesql.TypeFactory).GetDatetime,
	"TIME":       (*googlesql.TypeFactory).GetTime,
	"JSON":       (*googlesql.TypeFactory).GetJson,
}

type columnType struct {
	name     string
	repeated bool
}

// A catalog of one text: the tables of its question and, shared by all, the functions. The analyzer keeps bare pointers, so
// whoever uses it keeps the whole alive until the resolved tree is done with.
type catalog struct {
	*googlesql.MultiCatalog
	own  *googlesql.SimpleCatalog
	held []*madeTable
}

// A table with its columns, which it does not own. Nobody changes it.
type madeTable struct {
	table   *googlesql.SimpleTable
	columns []*googlesql.SimpleColumn
}

func (a *analyzer) newCatalog(tables []table) (*catalog, error) {
	own, err := googlesql.NewSimpleCatalog("desk", nil)
	if err != nil {
		return nil, err
	}
	held := make([]*madeTable, 0, len(tables))
	for _, t := range tables {
		made, err := a.tableOf(t)
		if err != nil {
			return nil, err
		}
		held = append(held, made)
		if err := own.AddTable(made.table); err != nil {
			return nil, err
		}
	}
	both, err := googlesql.NewMultiCatalogCreate("all", []googlesql.CatalogNode{own, a.functions})
	if err != nil {
		return nil, err
	}
	return &catalog{both, own, held}, nil
}

// Tables may have thousands of columns, and those are what needs memory.
const mostColumnsKept = 200_000

// Most questions are about tables that an earlier one had, equal in name, columns and types; those are made once.
func (a *analyzer) tableOf(t table) (*madeTable, error) {
	definition, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	if kept, ok := a.tables[string(definition)]; ok {
		return kept, nil
	}
	made, err := a.makeTable(t)
	if err != nil {
		return nil, err
	}
	if a.columnsKept += len(made.columns) + 1; a.columnsKept > mostColumnsKept {
		clear(a.tables)
		a.columnsKept = len(made.columns) + 1
		runtime.GC()
	}
	a.tables[string(definition)] = made
	return made, nil
}

func (a *analyzer) makeTable(t table) (*madeTable, error) {
	made, err := googlesql.NewSimpleTable(t.Name, 0)
	if err != nil {
		return nil, err
	}
	columns := make([]*googlesql.SimpleColumn, 0, len(t.Columns))
	for _, c := range t.Columns {
		kind, err := a.typeOf(c)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
		}
		field, err := googlesql.NewSimpleColumn(t.Name, c.Name, kind, false, false)
		if err != nil {
			return nil, err
		}
		columns = append(columns, field)
		if err := made.AddColumn2(field, false); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
		}
	}
	return &madeTable{made, columns}, nil
}

// A type is made once a process; those of columns are few.
func (a *analyzer) typeOf(c column) (googlesql.Googlesql_TypeNode, error) {
	name, _, _ := strings.Cut(strings.ToUpper(c.Type), "(")
	key := columnType{name, c.Repeated}
	if made, ok := a.made[key]; ok {
		return made, nil
	}
	get, known := types[name]
	if !known {
		return nil, fmt.Errorf("unknown type %s", c.Type)
	}
	kind, err := get(a.types)
	if err == nil && c.Repeated {
		kind, err = a.types.MakeArrayType2(kind)
	}
	if err == nil {
		a.made[key] = kind
	}
	return kind, err
}
