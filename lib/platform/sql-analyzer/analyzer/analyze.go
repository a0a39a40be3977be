package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"

	"github.com/goccy/go-googlesql"
)

const (
	longestText = 64 << 10
	// Characters of a message or of a type's name that are told.
	longestTold = 1000
)

type analyzer struct {
	functions *googlesql.SimpleCatalog
	options   *googlesql.AnalyzerOptions
	types     *googlesql.TypeFactory
	made      map[columnType]googlesql.Googlesql_TypeNode
	tables    map[string]*madeTable
	// Of those tables, and one for each of them.
	columnsKept int
}

func newAnalyzer() (*analyzer, error) {
	language, err := newLanguage()
	if err != nil {
		return nil, err
	}
	functions, err := googlesql.NewSimpleCatalog("functions", nil)
	if err != nil {
		return nil, err
	}
	if err := functions.AddBuiltinFunctions(&googlesql.BuiltinFunctionOptions{LanguageOptions: language}); err != nil {
		return nil, err
	}
	options, err := newOptions(language)
	if err != nil {
		return nil, err
	}
	types, err := googlesql.NewTypeFactory()
	return &analyzer{functions: functions, options: options, types: types, made: map[columnType]googlesql.Googlesql_TypeNode{}, tables: map[string]*madeTable{}}, err
}

// A text that is refused, in words for whoever wrote it.
type refusal struct {
	message      string
	line, column int
}

func (r *refusal) Error() string { return r.message }

var unfinished = &refusal{message: "The analyzer could not finish this text."}

func (a *analyzer) answer(asked question) answer {
	given := answer{ID: asked.ID}
	tables, columns, err := a.resolve(asked)
	if refused, ok := err.(*refusal); ok {
		given.Message, given.Line, given.Column = refused.message, refused.line, refused.column
	} else if err != nil {
		given.Fault = err.Error()
	} else {
		given.OK, given.Tables, given.Columns = true, tables, columns
	}
	return given
}

// Three quotes begin a literal for one reader and end one for another: a store that reads them in its own way once ran what
// stood between them, so no text may hold them.
func hasTripled(text string) bool {
	return strings.Contains(text, "'''") || strings.Contains(text, `"""`)
}

func (a *analyzer) resolve(asked question) ([]string, []resultColumn, error) {
	if len(asked.SQL) > longestText {
		return nil, nil, &refusal{message: fmt.Sprintf("The text is longer than %d bytes.", longestText)}
	}
	if hasTripled(asked.SQL) {
		return nil, nil, &refusal{message: "Literals between three quotes are not possible here."}
	}
	catalog, err := a.newCatalog(asked.Tables)
	if err != nil {
		return nil, nil, err
	}
	defer runtime.KeepAlive(catalog)
	output, err := googlesql.AnalyzeStatement(asked.SQL, a.options, catalog, a.types)
	if err != nil {
		return nil, nil, refusalOf(err)
	}
	defer runtime.KeepAlive(output)
	statement, err := output.ResolvedStatement()
	if err != nil {
		return nil, nil, refusalOf(err)
	}
	query, ok := statement.(*googlesql.ResolvedQueryStmt)
	if !ok {
		return nil, nil, &refusal{message: "Only a query is possible."}
	}
	seen := map[string]bool{}
	if err := look(query, seen); err != nil {
		return nil, nil, refusalOf(err)
	}
	columns, err := columnsOf(query)
	if err != nil {
		return nil, nil, refusalOf(err)
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, columns, nil
}

// Names of the result as BigQuery gives them: f0_, f1_ … to those without one; the same name twice is refused.
func columnsOf(query *googlesql.ResolvedQueryStmt) ([]resultColumn, error) {
	list, err := query.OutputColumnList()
	if err != nil {
		return nil, err
	}
	columns, unnamed, names := make([]resultColumn, 0, len(list)), 0, map[string]bool{}
	for _, output := range list {
		name, err := output.Name()
		if err != nil {
			return nil, err
		}
		if name == "" || strings.HasPrefix(name, "$") {
			name = fmt.Sprintf("f%d_", unnamed)
			unnamed++
		}
		if folded := strings.ToLower(name); names[folded] {
			return nil, twice(name)
		} else {
			names[folded] = true
		}
		kind, err := typeNameOf(output)
		if err != nil {
			return nil, err
		}
		columns = append(columns, resultColumn{name, kind})
	}
	return columns, nil
}

// Where a * brings the second one, there is nothing that AS could follow.
func twice(name string) error {
	return &refusal{message: "Two columns of the result have the name " + name + "; give one of them another by AS, or leave it out of what one table gives, as by b.* EXCEPT (" + name + ")."}
}

func typeNameOf(output *googlesql.ResolvedOutputColumn) (string, error) {
	column, err := output.Column()
	if err != nil {
		return "", err
	}
	kind, err := column.Type()
	if err != nil {
		return "", err
	}
	named, ok := kind.(interface {
		TypeName(googlesql.ProductMode) (string, error)
	})
	if !ok {
		return "", &refusal{message: "A column of the result has a type that is not possible here."}
	}
	name, err := named.TypeName(googlesql.ProductModeProductExternal)
	return cut(name), err
}

var place = regexp.MustCompile(`\s*\[at (\d+):(\d+)\]$`)

// What messages quote of a text.
var quoted = regexp.MustCompile("\"[^\"]*\"|'[^']*'|`[^`]*`")

// Whether a message without a place tells of the analyzer's own fault. It may quote the text, which can hold any words.
func isFault(text string) bool {
	own := quoted.ReplaceAllString(text, "")
	return strings.Contains(own, "RET_CHECK") || strings.Contains(own, ".cc:")
}

// The analyzer's error as a refusal. One that is no verdict on the text says so; after a trap its memory may be damaged, so
// the process ends and leaves the answer to its starter. A verdict names a place, or quotes what it speaks of: names that are
// no plain words, and literals.
func refusalOf(err error) error {
	if refused, ok := err.(*refusal); ok {
		return refused
	}
	text := strings.Join(strings.Fields(err.Error()), " ")
	// The library puts it before everything else, and no verdict begins with words of the text.
	if strings.HasPrefix(text, "wasm trap:") {
		exitOn(err)
	}
	found := place.FindStringSubmatch(text)
	if found == nil && isFault(text) {
		os.Stderr.WriteString("sql-analyzer: " + text + "\n")
		return unfinished
	}
	if found == nil {
		return &refusal{message: cut(text)}
	}
	line, _ := strconv.Atoi(found[1])
	column, _ := strconv.Atoi(found[2])
	return &refusal{cut(strings.TrimSuffix(text, found[0])), line, column}
}

func cut(text string) string {
	if told := []rune(text); len(told) > longestTold {
		return string(told[:longestTold]) + "…"
	}
	return text
}
