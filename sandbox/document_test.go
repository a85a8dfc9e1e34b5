package sandbox_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pontage/pontage/sandbox"
)

var update = flag.Bool("update", false, "write the table into docs/sandbox.md")

const (
	document   = "../docs/sandbox.md"
	tableBegin = "<!-- table -->\n"
	tableEnd   = "<!-- end of table -->\n"
)

// The table people read is the one the program goes by.
func TestTheDocumentsTableIsTheProgramsTable(t *testing.T) {
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), tableBegin)
	old, after, ended := strings.Cut(rest, tableEnd)
	if !found || !ended {
		t.Fatal("the document has no place for the table")
	}
	if table := table(); old != table {
		if !*update {
			t.Fatalf("docs/sandbox.md is not what the program does; run go test ./sandbox -run TheDocumentsTable -update\n%s", table)
		}
		if err := os.WriteFile(document, []byte(before+tableBegin+table+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func table() string {
	var out strings.Builder
	out.WriteString("| value | you get | platform | as if |\n|---|---|---|---|\n")
	for _, s := range sandbox.Simulations() {
		got, platform := "the usual answer", ""
		if s.Status != 0 {
			got = fmt.Sprint(s.Status)
		}
		if s.Code != "" {
			got += fmt.Sprintf(" `%s` (%d)", s.Code, s.Code.Failure().Number)
		}
		if s.OnPlatform {
			platform = "yes"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", s.Value, got, platform, s.Effect)
	}
	return out.String()
}
