// Sql-analyzer resolves GoogleSQL queries with Google's own analyzer; nothing is executed. It reads one question a line from
// standard input and answers each by one line: see question and answer. It ends when standard input closes.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/goccy/go-googlesql"
)

const (
	longestLine = 32 << 20
	// Soft: from there on garbage is collected all the time. The starter ends a process that goes far beyond.
	memoryLimit = 256 << 20
	// A text that nests deeper than this ends the process, and its starter starts another.
	stackLimit = 128 << 20
	// What the analyzer allocates is freed when Go collects its handle, which Go, knowing only small handles, would rarely do.
	textsPerCollection = 32
)

type question struct {
	ID     int64   `json:"id"`
	SQL    string  `json:"sql"`
	Tables []table `json:"tables"`
}

type table struct {
	Name    string   `json:"name"`
	Columns []column `json:"columns"`
}

type column struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Repeated bool   `json:"repeated"`
}

// An answer has Tables and Columns where OK, else Message and, where a place is known, Line and Column, counted from 1.
// Fault says that the question itself was wrong, such as a type that is not known.
type answer struct {
	ID      int64          `json:"id"`
	OK      bool           `json:"ok"`
	Tables  []string       `json:"tables"`
	Columns []resultColumn `json:"columns"`
	Message string         `json:"message,omitempty"`
	Line    int            `json:"line,omitempty"`
	Column  int            `json:"column,omitempty"`
	Fault   string         `json:"fault,omitempty"`
}

type resultColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func main() {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetMaxStack(stackLimit)
	exitOn(googlesql.Init())
	analyzer, err := newAnalyzer()
	exitOn(err)
	out := bufio.NewWriter(os.Stdout)
	reply := func(value any) {
		line, err := json.Marshal(value)
		exitOn(err)
		_, err = out.Write(append(line, '\n'))
		exitOn(err)
		exitOn(out.Flush())
	}
	reply(map[string]bool{"ready": true})
	count := 0
	for line := range lines(os.Stdin) {
		var asked question
		exitOn(json.Unmarshal(line, &asked))
		reply(analyzer.answer(asked))
		if count++; count%textsPerCollection == 0 {
			runtime.GC()
		}
	}
}

// Lines are read beside the work, so that a process whose starter is gone ends also in the middle of a text.
func lines(from io.Reader) <-chan []byte {
	read := make(chan []byte)
	go func() {
		scanner := bufio.NewScanner(from)
		scanner.Buffer(make([]byte, 1<<16), longestLine)
		for scanner.Scan() {
			read <- append([]byte(nil), scanner.Bytes()...)
		}
		exitOn(scanner.Err())
		os.Exit(0)
	}()
	return read
}

func exitOn(err error) {
	if err == nil {
		return
	}
	os.Stderr.WriteString("sql-analyzer: " + err.Error() + "\n")
	os.Exit(1)
}
