package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report is the tables in Markdown.
func (b *bench) report(ctx context.Context) string {
	var t strings.Builder
	t.WriteString(b.circumstances(ctx, "make bench"))
	t.WriteString("\n| path | engine | requests/s | yardstick/s | ratio | target | p50 ms | p99 ms | yardstick p99 ms | CPU µs | database CPU µs | RSS MiB | errors |\n")
	t.WriteString("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range b.rows {
		ratio, target := r.ratio(), r.targets[r.engine]
		mark := "met"
		if ratio < target {
			mark = "not met"
		}
		fmt.Fprintf(&t, "| %s | %s | %.0f | %s %.0f | **%.3f** | %.2f %s | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f |\n", r.name, r.engine, r.figures.perSecond(),
			r.benchCase.yardstick, r.yard.perSecond(), ratio, target, mark, r.figures.P50/1000, r.figures.P99/1000, r.yard.P99/1000,
			float64(r.processor.Nanoseconds())/1000, float64(r.database.Nanoseconds())/1000, r.resident, r.figures.Status+r.figures.Socket)
	}
	t.WriteString("\n| start | engine | documents | ready ms (target 300) | idle RSS MiB (target 60) |\n|---|---|---:|---:|---:|\n")
	for _, s := range b.starts {
		fmt.Fprintf(&t, "| `pontage serve --only production` | %s | %d | %d | %.0f |\n", s.engine, s.documents, s.ready.Milliseconds(), s.idle)
	}
	return t.String()
}

// circumstances say where, when and how it was measured.
func (b *bench) circumstances(ctx context.Context, command string) string {
	return fmt.Sprintf("Measured %s with `%s` on %s, %d cores, %s, %s, %s, %s, wrk with %d connections and %d threads, %v a case after a warm-up of %v, the middle of %d rounds; load average of the machine at the end %s.\n",
		time.Now().UTC().Format("2006-01-02 15:04 UTC"), command, processorName(), runtime.NumCPU(), memory(), said(ctx, "uname", "-sr"), runtime.Version(),
		said(ctx, "psql", "--version"), connections, threads, b.duration, b.warmUp, b.rounds, loadAverage())
}

func processorName() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}

// loadAverage says whether others used the machine too.
func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	return strings.Join(append(strings.Fields(string(text)), "", "", "")[:3], " ")
}

func memory() string {
	var kib int64
	text, _ := os.ReadFile("/proc/meminfo")
	_, _ = fmt.Sscanf(string(text), "MemTotal: %d kB", &kib)
	return fmt.Sprintf("%d GiB", kib>>20)
}

func said(ctx context.Context, name string, arguments ...string) string {
	out, _ := exec.CommandContext(ctx, name, arguments...).Output()
	return strings.TrimSpace(string(out))
}

// writeMarked replaces what stands between the marks of a name.
func writeMarked(file, mark, text string) error {
	begin, end := "<!-- "+mark+": begin -->\n", "<!-- "+mark+": end -->\n"
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(old, []byte(begin))
	_, after, ends := bytes.Cut(rest, []byte(end))
	if !found || !ends {
		return errors.New(file + " lacks the marks of the measured part")
	}
	return os.WriteFile(file, fmt.Appendf(nil, "%s%s%s%s%s", before, begin, text, end, after), 0o644)
}
