//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// mostResident is how much memory the process may hold, in KiB, once all PDFs are made and collected.
const mostResident = 200 << 10

// A reader of the PDF finds every operation: its summary, its path and its page; and making it leaves no memory behind.
func TestThePDFNamesEveryOperation(t *testing.T) {
	all, c := serve(t, onSQLite)
	r := sandbox(t, all)
	hosts := importAll(t, c)
	createToken(t, r, hosts)
	hosts["token"] = tokenHost
	folder, pages := t.TempDir(), map[string]string{}
	for name, host := range hosts {
		ref := readReference(t, published(t, r, host, "openapi.json"))
		started := time.Now()
		printed := published(t, r, host, "reference.pdf")
		took := time.Since(started)
		file := filepath.Join(folder, name+".pdf")
		write(t, file, string(printed))
		text := squeezed(run(t, folder, nil, "pdftotext", "-layout", file, "-"))
		for _, o := range ref.Operations {
			if want := squeezed(o.Method + o.Path); !strings.Contains(text, want) {
				t.Errorf("%s: %s %s is not in the PDF", name, o.Method, o.Path)
			}
		}
		info := run(t, folder, nil, "pdfinfo", file)
		count := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(info)
		if count == nil || bytes.Count(printed, []byte("/Title (")) < len(ref.Operations) {
			t.Errorf("%s: no pages or no outline: %s", name, info)
			continue
		}
		pages[name] = count[1]
		t.Logf("%s: %s pages, %d operations, %d KiB, %v", name, count[1], len(ref.Operations), len(printed)>>10, took.Round(time.Millisecond))
	}
	debug.FreeOSMemory()
	if resident := residentKiB(t); resident > mostResident {
		t.Errorf("%d KiB are resident", resident)
	} else {
		t.Logf("%d MiB resident after %d PDFs", resident>>10, len(pages))
	}
}

// squeezed has no spaces: a long path is wrapped.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

func residentKiB(t *testing.T) (kib int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`VmRSS:\s+\d+`).Find(status)
	if _, err := fmt.Sscanf(strings.TrimPrefix(string(line), "VmRSS:"), "%d", &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}
