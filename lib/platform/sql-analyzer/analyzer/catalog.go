package main

import (
	"fmt"
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
	held []any
}

func (a *analyzer) newCatalog(tables []table) (*catalog, error) {
	own, err := googlesql.NewSimpleCatalog("desk", nil)
	if err != nil {
		return nil, err
	}
	held := []any{own}
	for _, t := range tables {
		made, err := googlesql.NewSimpleTable(t.Name, 0)
		if err != nil {
			return nil, err
		}
		held = append(held, made)
		for _, c := range t.Columns {
			kind, err := a.typeOf(c)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
			}
			field, err := googlesql.NewSimpleColumn(t.Name, c.Name, kind, false, false)
			if err != nil {
				return nil, err
			}
			held = append(held, field)
			if err := made.AddColumn2(field, false); err != nil {
				return nil, fmt.Errorf("%s.%s: %w", t.Name, c.Name, err)
			}
		}
		if err := own.AddTable(made); err != nil {
			return nil, err
		}
	}
	both, err := googlesql.NewMultiCatalogCreate("all", []googlesql.CatalogNode{own, a.functions})
	if err != nil {
		return nil, err
	}
	return &catalog{both, held}, nil
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
